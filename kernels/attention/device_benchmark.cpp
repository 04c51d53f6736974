#include "kernels/attention/device_attention.h"
#include "kernels/attention/model_heads.h"
#include "kernels/compare/cuda/attention_makers.h"
#include "kernels/measure/family.h"

namespace pingjia::kernels::cuda {
namespace {

void add_prefill(const std::string& op, const std::string& model, const AttentionShape& shape,
                 std::vector<Case>& cases) {
  cases.push_back(prefill_case(op, model, shape, our_hopper_prefill()));
  cases.push_back(prefill_case(op, model, shape, our_prefill()));
  for (const PrefillMaker& maker : vendors_prefills()) {
    cases.push_back(prefill_case(op, model, shape, maker));
  }
}

std::vector<Case> prefill(const ModelShape& model) {
  std::vector<Case> cases;
  for (const std::int64_t length : {2048, 8192}) {
    AttentionShape shape = model_heads(model);
    shape.query_length = shape.key_length = length;
    shape.causal = true;
    add_prefill("attention/prefill", model.name, shape, cases);
    if (!model.window) continue;
    shape.window = model.window->width;
    add_prefill("attention/windowed_prefill", model.name, shape, cases);
  }
  return cases;
}

void add_decode(const std::string& op, const std::string& model, const AttentionShape& shape,
                std::vector<Case>& cases) {
  cases.push_back(paged_decode_case(op, model, shape, our_decode(shape)));
  // No library decodes over latents.
  if (shape.values_in_keys) return;
  for (const DecodeMaker& maker : vendors_decodes()) {
    cases.push_back(paged_decode_case(op, model, shape, maker));
  }
}

// One new token a sequence; then four that are tried at once (speculative decoding).
std::vector<Case> decode(const ModelShape& model) {
  std::vector<Case> cases;
  for (const std::int64_t batch : {1, 32, 128}) {
    for (const std::int64_t length : {1024, 8192}) {
      constexpr std::int64_t kMostTokens = 262144;  // Some seconds to fill.
      if (batch * length > kMostTokens) continue;
      AttentionShape shape = model.mla ? latent_heads(model) : model_heads(model);
      shape.batch = batch;
      shape.key_length = length;
      const char* op = model.mla ? "attention/mla_decode" : "attention/paged_decode";
      add_decode(op, model.name, shape, cases);
      if (batch != 32 || length != 8192) continue;
      shape.query_length = 4;
      shape.causal = true;
      add_decode(op, model.name, shape, cases);
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "attention/prefill", .cases = prefill, .device = "cuda"}) &&
    add_family({.op = "attention/paged_decode", .cases = decode, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
