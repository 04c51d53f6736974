#include <algorithm>
#include <cmath>

#include "kernels/closeness.h"
#include "kernels/gemm/grouped_cuda.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/permutation.h"
#include "kernels/moe/permute_cuda.h"
#include "kernels/moe/reference.h"
#include "kernels/moe/routing.h"

namespace pingjia::kernels::cuda {
namespace {

/// Rows of a block: as few as hold an expert's tokens, since padding is computed too.
int block_of(const MoeShape& shape) {
  const std::int64_t each = shape.tokens * shape.top_k / shape.experts;
  if (each <= 16) return 16;
  return each <= 96 ? 64 : 128;
}

/// A layer from its routing on: align, permute, two grouped products, weighted sums.
class LayerTrial final : public DeviceTrial {
 public:
  LayerTrial(const MoeShape& shape, MadeRouting routing)
      : DeviceTrial(2 * shape.experts * 3 * shape.intermediate * shape.hidden),
        shape_(shape),
        routing_(std::move(routing)),
        host_gate_up_(shape.experts * 2 * shape.intermediate * shape.hidden * 2),
        host_down_(shape.experts * shape.intermediate * shape.hidden * 2),
        host_x_(shape.tokens * shape.hidden * 2),
        block_(block_of(shape)),
        slots_(static_cast<int>(shape.tokens * shape.top_k)),
        rows_(align_rows(slots_, static_cast<int>(shape.experts), block_)),
        row_of_slot_(slots_ * 4),
        slot_of_row_(rows_ * 4),
        expert_of_block_(rows_ / block_ * 4),
        blocks_(4),
        permuted_(std::int64_t{rows_} * shape.hidden * 2),
        inner_(std::int64_t{rows_} * shape.intermediate * 2),
        outer_(std::int64_t{rows_} * shape.hidden * 2),
        out_(shape.tokens * shape.hidden * 2) {
    // Scaled so that every layer's outputs have the size of its inputs.
    fill_normals(host_gate_up_.span<Bf16>(), "moe/gate_up", 1 / std::sqrt(shape.hidden));
    fill_normals(host_down_.span<Bf16>(), "moe/down", 1 / std::sqrt(shape.intermediate));
    fill_normals(host_x_.span<Bf16>(), "moe/x");
    gate_up_ = Rotating(host_gate_up_.memory(), copies());
    down_ = Rotating(host_down_.memory(), copies());
    x_ = operand_on_device(host_x_.memory());
    chosen_ = on_device(routing_.experts);
    weights_ = on_device(routing_.weights);
    align_ = {.chosen = chosen_.as<int>(),
              .row_of_slot = row_of_slot_.as<int>(),
              .slot_of_row = slot_of_row_.as<int>(),
              .expert_of_block = expert_of_block_.as<int>(),
              .blocks = blocks_.as<int>(),
              .slots = slots_,
              .experts = static_cast<int>(shape.experts),
              .block = block_};
    scratch_ = Memory(4 * align_scratch(align_));
    align_.scratch = scratch_.as<int>();
  }

  std::optional<std::string> check() override {
    for (const Memory* memory : {&row_of_slot_, &slot_of_row_, &expert_of_block_, &blocks_,
                                 &permuted_, &inner_, &outer_, &out_, &scratch_}) {
      if (!memory->is_intact()) return "wrote beside its buffers";
    }
    const std::vector<Bf16> out = on_host<Bf16>(out_);
    if (auto nan = nan_in(std::span<const Bf16>(out))) return nan;
    std::vector<float> actual;
    std::vector<double> expected, row(static_cast<std::size_t>(shape_.hidden));
    for (const std::int64_t token : {std::int64_t{0}, shape_.tokens / 2, shape_.tokens - 1}) {
      moe_reference(shape_, {host_gate_up_.as<Bf16>(), host_down_.as<Bf16>()}, host_x_.as<Bf16>(),
                    routing_.view(), token, token + 1, row.data());
      expected.insert(expected.end(), row.begin(), row.end());
      for (std::int64_t i = 0; i < shape_.hidden; ++i) {
        actual.push_back(to_float(out[static_cast<std::size_t>(token * shape_.hidden + i)]));
      }
    }
    return difference_over(actual, expected, kBf16Tolerance);
  }

 private:
  void enqueue(int copy, Stream stream) override {
    align(align_, stream);
    permute({.in = x_.as<std::uint16_t>(),
             .out = permuted_.as<std::uint16_t>(),
             .slot_of_row = slot_of_row_.as<int>(),
             .blocks = blocks_.as<int>(),
             .most_rows = rows_,
             .block = block_,
             .top = static_cast<int>(shape_.top_k),
             .width = static_cast<int>(shape_.hidden)},
            stream);
    multiply(permuted_, gate_up_.as<std::uint16_t>(copy), inner_, shape_.hidden,
             shape_.intermediate, true, stream);
    multiply(inner_, down_.as<std::uint16_t>(copy), outer_, shape_.intermediate, shape_.hidden,
             false, stream);
    unpermute({.in = outer_.as<std::uint16_t>(),
               .out = out_.as<std::uint16_t>(),
               .row_of_slot = row_of_slot_.as<int>(),
               .weights = weights_.as<float>(),
               .tokens = static_cast<int>(shape_.tokens),
               .top = static_cast<int>(shape_.top_k),
               .width = static_cast<int>(shape_.hidden)},
              stream);
  }
  void multiply(const Memory& in, const std::uint16_t* weights, const Memory& out, std::int64_t k,
                std::int64_t columns, bool swiglu, Stream stream) {
    grouped_gemm({.a = in.as<std::uint16_t>(),
                  .weights = weights,
                  .out = out.as<std::uint16_t>(),
                  .expert_of_block = expert_of_block_.as<int>(),
                  .blocks = blocks_.as<int>(),
                  .most_blocks = rows_ / block_,
                  .block = block_,
                  .columns = static_cast<int>(columns),
                  .k = static_cast<int>(k),
                  .swiglu = swiglu},
                 stream);
  }

  MoeShape shape_;
  MadeRouting routing_;
  Guarded host_gate_up_, host_down_, host_x_;
  int block_, slots_, rows_;
  Memory row_of_slot_, slot_of_row_, expert_of_block_, blocks_, permuted_, inner_, outer_, out_;
  Rotating gate_up_, down_;
  Memory x_, chosen_, weights_, scratch_;
  AlignCall align_;
};

Case case_of(const ModelShape& model, const MoeShape& shape, bool skewed) {
  constexpr double kSkew = 1.2;
  const MadeRouting routing = make_routing(shape, skewed ? kSkew : 0, "moe/routing");
  Case wanted;
  wanted.row.op = skewed ? "moe/skewed_layer" : "moe/layer";
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"tokens", shape.tokens},
                      {"hidden", shape.hidden},
                      {"intermediate", shape.intermediate},
                      {"experts", shape.experts},
                      {"top_k", shape.top_k}};
  wanted.row.implementation = "pingjia sm_80";
  wanted.row.ours = true;
  wanted.row.flops = shape.flops();
  wanted.row.bytes = shape.minimum_bytes(active_experts(shape, routing.view()), sizeof(Bf16));
  wanted.memory_bytes = 2 * shape.minimum_bytes(shape.experts, sizeof(Bf16));
  wanted.cache = "cold";
  wanted.prepare = [shape, routing](Threads&) {
    return std::make_unique<LayerTrial>(shape, routing);
  };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  if (!model.moe) return cases;
  for (const std::int64_t tokens : {1, 128, 1024, 16384}) {
    const MoeShape shape{tokens, model.hidden, model.moe->intermediate, model.moe->experts,
                         model.moe->top_k};
    cases.push_back(case_of(model, shape, false));
    if (tokens >= 1024) cases.push_back(case_of(model, shape, true));
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "moe/layer", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
