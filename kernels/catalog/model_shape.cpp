#include "kernels/catalog/model_shape.h"

#include <algorithm>

namespace pingjia::kernels {

namespace {

std::int64_t attention_weights(const ModelShape& model) {
  const std::int64_t heads = model.query_heads;
  if (!model.mla) {
    const std::int64_t query_and_output = 2 * model.hidden * heads * model.head_width;
    return query_and_output + 2 * model.hidden * model.kv_heads * model.head_width;
  }
  const Mla& mla = *model.mla;
  const std::int64_t query_width = heads * (mla.nope + mla.rope);
  const std::int64_t query =
      mla.q_lora > 0 ? mla.q_lora * (model.hidden + query_width) : model.hidden * query_width;
  const std::int64_t key_value =
      model.hidden * (mla.kv_lora + mla.rope) + mla.kv_lora * heads * (mla.nope + mla.value);
  return query + key_value + heads * mla.value * model.hidden;
}

// All layers' MLPs, with so many routed experts in each that has experts.
std::int64_t mlp_weights(const ModelShape& model, std::int64_t experts) {
  const std::int64_t dense = (model.gated ? 3 : 2) * model.hidden * model.intermediate;
  if (!model.moe) return model.layers * dense;
  const Moe& moe = *model.moe;
  const std::int64_t router = model.hidden * moe.experts;
  const std::int64_t expert = 3 * model.hidden * moe.intermediate;
  const std::int64_t shared = 3 * model.hidden * moe.shared_intermediate;
  return moe.dense_layers * dense +
         (model.layers - moe.dense_layers) * (router + experts * expert + shared);
}

}  // namespace

std::int64_t ModelShape::parameters() const {
  const std::int64_t embeddings = (tied ? 1 : 2) * vocabulary * hidden;
  return embeddings + layers * attention_weights(*this) +
         mlp_weights(*this, moe ? moe->experts : 0);
}

std::int64_t ModelShape::active_parameters() const {
  return vocabulary * hidden + layers * attention_weights(*this) +
         mlp_weights(*this, moe ? moe->top_k : 0);
}

std::int64_t ModelShape::kv_elements_per_token() const {
  return kv_elements(1);
}

std::int64_t ModelShape::kv_elements(std::int64_t tokens) const {
  const std::int64_t per_layer = mla ? mla->kv_lora + mla->rope : 2 * kv_heads * head_width;
  const std::int64_t windowed = window ? window->layers : 0;
  const std::int64_t kept = window ? std::min(tokens, window->width) : tokens;
  return per_layer * ((layers - windowed) * tokens + windowed * kept);
}

}  // namespace pingjia::kernels
