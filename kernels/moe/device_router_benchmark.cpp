#include <algorithm>
#include <cmath>

#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/router_cuda.h"
#include "kernels/moe/router_reference.h"

namespace pingjia::kernels::cuda {
namespace {

class RouterTrial final : public DeviceTrial {
 public:
  explicit RouterTrial(const RoutingRule& shape)
      : DeviceTrial(shape.tokens * shape.experts * 4),
        shape_(shape),
        host_logits_(shape.tokens * shape.experts * 4),
        host_bias_(shape.experts * 4),
        chosen_(shape.tokens * shape.top_k * 4),
        weights_(chosen_.bytes()) {
    fill_normals(host_logits_.span<float>(), "router/logits");
    fill_normals(host_bias_.span<float>(), "router/bias", 0.1);
    logits_ = Rotating(host_logits_.memory(), copies());
    bias_ = operand_on_device(host_bias_.memory());
  }

  std::optional<std::string> check() override {
    if (!chosen_.is_intact() || !weights_.is_intact()) return "wrote beside its buffers";
    const auto chosen = on_host<std::int32_t>(chosen_);
    const auto weights = on_host<float>(weights_);
    const auto top = static_cast<std::size_t>(shape_.top_k);
    const auto experts = static_cast<std::size_t>(shape_.experts);
    std::vector<std::int32_t> expected(top);
    std::vector<double> expected_weights(top);
    std::int64_t others = 0;
    for (std::size_t token = 0; token < static_cast<std::size_t>(shape_.tokens); ++token) {
      router_reference(shape_, host_logits_.span<float>().subspan(token * experts, experts), bias(),
                       expected, expected_weights);
      bool same = true;
      for (std::size_t i = 0; i < top; ++i) {
        const double apart = std::abs(weights[token * top + i] - expected_weights[i]);
        same = same && chosen[token * top + i] == expected[i] && apart < 1e-5 * shape_.scale;
      }
      others += !same;
    }
    // Two scores a rounding of fp32 apart may change places: one token in some thousands.
    if (others * 500 > shape_.tokens) {
      return std::to_string(others) + " tokens have another choice than by the definition";
    }
    return std::nullopt;
  }

 private:
  std::span<float> bias() { return shape_.sigmoid ? host_bias_.span<float>() : std::span<float>(); }
  void enqueue(int copy, Stream stream) override {
    route({.logits = logits_.as<float>(copy),
           .bias = shape_.sigmoid ? bias_.as<float>() : nullptr,
           .chosen = chosen_.as<int>(),
           .weights = weights_.as<float>(),
           .tokens = static_cast<int>(shape_.tokens),
           .experts = static_cast<int>(shape_.experts),
           .top = static_cast<int>(shape_.top_k),
           .sigmoid = shape_.sigmoid,
           .normalised = shape_.normalised,
           .scale = static_cast<float>(shape_.scale),
           .groups = static_cast<int>(shape_.groups),
           .kept_groups = static_cast<int>(shape_.kept_groups)},
          stream);
  }

  RoutingRule shape_;
  Guarded host_logits_, host_bias_;
  Rotating logits_;
  Memory bias_, chosen_, weights_;
};

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  if (!model.moe) return cases;
  for (const std::int64_t tokens : {128, 16384}) {
    const RoutingRule shape{.tokens = tokens,
                            .experts = model.moe->experts,
                            .top_k = model.moe->top_k,
                            .sigmoid = model.moe->scoring == Moe::Scoring::kSigmoid,
                            .normalised = true,
                            .scale = model.moe->scale,
                            .groups = model.moe->groups,
                            .kept_groups = model.moe->top_groups};
    Case wanted;
    wanted.row.op = "moe/router_choice";
    wanted.row.type = "fp32";
    wanted.row.model = model.name;
    wanted.row.shape = {{"tokens", tokens}, {"experts", shape.experts}, {"top_k", shape.top_k}};
    wanted.row.implementation = "pingjia sm_80";
    wanted.row.ours = true;
    wanted.row.bytes = static_cast<double>(tokens * (shape.experts * 4 + shape.top_k * 8));
    wanted.memory_bytes = wanted.row.bytes;
    wanted.prepare = [shape](Threads&) { return std::make_unique<RouterTrial>(shape); };
    cases.push_back(wanted);
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "moe/router_choice", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
