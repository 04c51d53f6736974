#include "kernels/gemm/linear_layers.h"

namespace pingjia::kernels {
namespace {

void add_latent_attention(const ModelShape& model, std::vector<LinearLayer>& layers) {
  const Mla& mla = *model.mla;
  const std::int64_t queries = model.query_heads * (mla.nope + mla.rope);
  if (mla.q_lora > 0) {
    layers.push_back({"q_a", mla.q_lora, model.hidden});
    layers.push_back({"q_b", queries, mla.q_lora});
  } else {
    layers.push_back({"q", queries, model.hidden});
  }
  layers.push_back({"kv_a", mla.kv_lora + mla.rope, model.hidden});
  layers.push_back({"o", model.hidden, model.query_heads * mla.value});
}

}  // namespace

std::vector<LinearLayer> linear_layers(const ModelShape& model) {
  std::vector<LinearLayer> layers;
  if (model.mla) {
    add_latent_attention(model, layers);
  } else {
    const std::int64_t heads = model.query_heads + 2 * model.kv_heads;
    layers.push_back({"qkv", heads * model.head_width, model.hidden});
    layers.push_back({"o", model.hidden, model.query_heads * model.head_width});
  }
  // Of a layer with experts, what every token meets are the shared ones.
  const std::int64_t inside = model.moe ? model.moe->shared_intermediate : model.intermediate;
  if (inside > 0) {
    layers.push_back({"gate_up", (model.gated ? 2 : 1) * inside, model.hidden});
    layers.push_back({"down", model.hidden, inside});
  }
  return layers;
}

}  // namespace pingjia::kernels
