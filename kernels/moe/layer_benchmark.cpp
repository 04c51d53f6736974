#include <algorithm>
#include <cmath>

#include "kernels/closeness.h"
#include "kernels/compare/moe_layers.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/experts.h"
#include "kernels/moe/reference.h"
#include "kernels/moe/routing.h"

namespace pingjia::kernels {
namespace {

class MoeTrial final : public Trial {
 public:
  MoeTrial(const MoeShape& shape, MadeRouting routing, const MoeMaker& maker, Threads& threads)
      : shape_(shape),
        routing_(std::move(routing)),
        gate_up_(shape.experts * 2 * shape.intermediate * shape.hidden * 2),
        down_(shape.experts * shape.intermediate * shape.hidden * 2),
        x_(shape.tokens * shape.hidden * 2),
        out_(shape.tokens * shape.hidden * 2) {
    // Scaled so that every layer's outputs have the size of its inputs.
    fill_normals(gate_up_.span<Bf16>(), "moe/gate_up", 1 / std::sqrt(shape.hidden));
    fill_normals(down_.span<Bf16>(), "moe/down", 1 / std::sqrt(shape.intermediate));
    fill_normals(x_.span<Bf16>(), "moe/x");
    layer_ = maker.make(shape, weights(), threads);
  }

  void run() override { layer_->run(x_.as<Bf16>(), routing_.view(), out_.as<Bf16>()); }

  std::optional<std::string> check() override {
    if (!x_.is_intact() || !out_.is_intact()) return "wrote beside its buffers";
    if (auto nan = nan_in(out_.span<Bf16>())) return nan;
    // All tokens would take longer than the kernel: the first, the last, and one between.
    std::vector<float> actual;
    std::vector<double> expected, row(static_cast<std::size_t>(shape_.hidden));
    for (const std::int64_t token : {std::int64_t{0}, shape_.tokens / 2, shape_.tokens - 1}) {
      moe_reference(shape_, weights(), x_.as<Bf16>(), routing_.view(), token, token + 1,
                    row.data());
      expected.insert(expected.end(), row.begin(), row.end());
      const Bf16* out = out_.as<Bf16>() + token * shape_.hidden;
      for (std::int64_t i = 0; i < shape_.hidden; ++i) actual.push_back(to_float(out[i]));
    }
    return difference_over(actual, expected, kBf16Tolerance);
  }

  std::vector<std::span<const std::byte>> operands() const override {
    auto memory = layer_->weights();
    memory.push_back(x_.memory());
    return memory;
  }

 private:
  MoeWeights weights() const { return {gate_up_.as<Bf16>(), down_.as<Bf16>()}; }

  MoeShape shape_;
  MadeRouting routing_;
  Guarded gate_up_, down_, x_, out_;
  std::unique_ptr<MoeCall> layer_;
};

Case case_of(const ModelShape& model, const MoeShape& shape, bool skewed, const MoeMaker& maker) {
  // The exponent that AIConfigurator's collector calls a power law.
  constexpr double kSkew = 1.2;
  MadeRouting routing = make_routing(shape, skewed ? kSkew : 0, "moe/routing");
  const double active = static_cast<double>(active_experts(shape, routing.view()));
  Case wanted;
  wanted.row.op = skewed ? "moe/skewed_layer" : "moe/layer";
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"tokens", shape.tokens},
                      {"hidden", shape.hidden},
                      {"intermediate", shape.intermediate},
                      {"experts", shape.experts},
                      {"top_k", shape.top_k}};
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.row.flops = shape.flops();
  wanted.row.bytes = shape.minimum_bytes(static_cast<std::int64_t>(active), sizeof(Bf16));
  wanted.absent = maker.absent;
  // The weights, and once more as the implementation packs them.
  wanted.memory_bytes = 2 * shape.minimum_bytes(shape.experts, sizeof(Bf16));
  // The next layer's experts drive this one's out.
  wanted.cache = "cold";
  wanted.prepare = [shape, routing, maker](Threads& threads) {
    return std::make_unique<MoeTrial>(shape, routing, maker, threads);
  };
  return wanted;
}

// moe/layer: decode of one and of 16 sequences, and two chunks of prefill; the larger one also with
// skewed experts.
std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  if (!model.moe) return cases;
  for (const std::int64_t tokens : {1, 16, 128, 1024}) {
    const MoeShape shape{tokens, model.hidden, model.moe->intermediate, model.moe->experts,
                         model.moe->top_k};
    for (const bool skewed : {false, true}) {
      if (skewed && tokens < 1024) continue;
      for (const MoeMaker& maker : our_moe_layers()) {
        cases.push_back(case_of(model, shape, skewed, maker));
      }
      for (const MoeMaker& maker : other_moe_layers()) {
        cases.push_back(case_of(model, shape, skewed, maker));
      }
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"moe/layer", cases_of});

}  // namespace
}  // namespace pingjia::kernels
