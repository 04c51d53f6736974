#include "kernels/attention/attention_trial.h"
#include "kernels/attention/flash.h"
#include "kernels/attention/model_heads.h"
#include "kernels/attention/paged_trial.h"
#include "kernels/attention/ragged_trial.h"
#include "kernels/compare/attentions.h"
#include "kernels/measure/family.h"

namespace pingjia::kernels {
namespace {

std::vector<Case> cases_of(const std::string& op, const std::string& model,
                           const AttentionShape& shape) {
  std::vector<Case> cases;
  for (const AttentionMaker& maker : our_attentions()) {
    cases.push_back(attention_case(op, model, shape, maker));
  }
  for (const AttentionMaker& maker : other_attentions(shape)) {
    cases.push_back(attention_case(op, model, shape, maker));
  }
  return cases;
}

void append(std::vector<Case> more, std::vector<Case>& cases) {
  cases.insert(cases.end(), more.begin(), more.end());
}

std::vector<Case> prefill(const ModelShape& model) {
  std::vector<Case> cases;
  for (const std::int64_t length : {512, 2048}) {
    AttentionShape shape = model_heads(model);
    shape.query_length = shape.key_length = length;
    shape.causal = true;
    append(cases_of("attention/prefill", model.name, shape), cases);
    if (!model.window) continue;
    shape.window = model.window->width;
    append(cases_of("attention/windowed_prefill", model.name, shape), cases);
  }
  return cases;
}

/// A batch of prompts as engines form it: many short ones, few long.
std::vector<Case> varlen_prefill(const ModelShape& model) {
  return ragged_cases(model.name, model_heads(model), {1024, 384, 256, 160, 96, 64, 40, 24});
}

std::vector<Case> decode(const ModelShape& model) {
  std::vector<Case> cases;
  if (model.mla) return cases;
  for (const std::int64_t batch : {1, 8}) {
    for (const std::int64_t length : {1024, 8192}) {
      AttentionShape shape = model_heads(model);
      shape.batch = batch;
      shape.key_length = length;
      append(cases_of("attention/decode", model.name, shape), cases);
    }
  }
  return cases;
}

std::vector<Case> mla_decode(const ModelShape& model) {
  std::vector<Case> cases;
  if (!model.mla) return cases;
  for (const std::int64_t batch : {1, 4}) {
    AttentionShape shape = latent_heads(model);
    shape.batch = batch;
    shape.key_length = 4096;
    append(cases_of("attention/mla_decode", model.name, shape), cases);
  }
  return cases;
}

/// Decode over a paged cache whose pages stand in no order: pages of 16 keys, as vLLM's default.
std::vector<Case> paged_decode(const ModelShape& model) {
  std::vector<Case> cases;
  if (model.mla) return cases;
  AttentionShape shape = model_heads(model);
  shape.batch = 8;
  shape.key_length = 8192;
  for (const Isa isa : {Isa::kAmx, Isa::kAvx512, Isa::kAvx2}) {
    if (is_here(isa)) cases.push_back(paged_case(model.name, shape, isa, 16, model.sinks));
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"attention/prefill", prefill}) &&
                                     add_family({"attention/varlen_prefill", varlen_prefill}) &&
                                     add_family({"attention/decode", decode}) &&
                                     add_family({"attention/mla_decode", mla_decode}) &&
                                     add_family({"attention/paged_decode", paged_decode});

}  // namespace
}  // namespace pingjia::kernels
