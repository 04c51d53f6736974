#include <algorithm>
#include <cmath>

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/gemm/device_grouped.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/routing.h"

namespace pingjia::kernels::cuda {
namespace {

std::int64_t experts_of(const GroupedShape& shape) {
  return std::ssize(shape.counts);
}

class GroupedTrial final : public DeviceTrial {
 public:
  GroupedTrial(const GroupedShape& shape, const DeviceGroupedMaker& maker)
      : DeviceTrial(2 * experts_of(shape) * shape.columns * shape.k),
        shape_(shape),
        starts_(shape.starts()),
        host_weights_(experts_of(shape) * shape.columns * shape.k * 2),
        host_a_(starts_.back() * shape.k * 2),
        out_(starts_.back() * shape.columns * 2) {
    fill_normals(host_weights_.span<Bf16>(), "grouped/weights");
    fill_normals(host_a_.span<Bf16>(), "grouped/a");
    weights_ = Rotating(host_weights_.memory(), copies());
    a_ = operand_on_device(host_a_.memory());
    product_ = maker.make(shape);
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !a_.is_intact() || !weights_.is_intact()) {
      return "wrote beside its buffers";
    }
    const std::vector<Bf16> out = on_host<Bf16>(out_);
    std::vector<float> actual;
    std::vector<double> expected;
    harness::Rng rng(1, "grouped/check");
    // Padding between the experts is nobody's result.
    for (std::int64_t expert = 0; expert < experts_of(shape_); ++expert) {
      const int count = shape_.counts[static_cast<std::size_t>(expert)];
      for (int i = 0; i < std::min(count, 4); ++i) {
        const auto of_expert =
            static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(count)));
        const std::int64_t row =
            starts_[static_cast<std::size_t>(expert)] + (i == 0 ? count - 1 : of_expert);
        const auto column =
            static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(shape_.columns)));
        actual.push_back(to_float(out[static_cast<std::size_t>(row * shape_.columns + column)]));
        expected.push_back(dot(row, expert, column));
      }
    }
    return difference_over(actual, expected, kBf16Tolerance);
  }

 private:
  void enqueue(int copy, Stream stream) override {
    product_->enqueue(a_.as<std::uint16_t>(), weights_.as<std::uint16_t>(copy),
                      out_.as<std::uint16_t>(), stream);
  }
  double dot(std::int64_t row, std::int64_t expert, std::int64_t column) const {
    const Bf16* left = host_a_.as<Bf16>() + row * shape_.k;
    const Bf16* right = host_weights_.as<Bf16>() + (expert * shape_.columns + column) * shape_.k;
    double sum = 0;
    for (std::int64_t i = 0; i < shape_.k; ++i)
      sum += double{to_float(left[i])} * to_float(right[i]);
    return sum;
  }

  GroupedShape shape_;
  std::vector<int> starts_;
  Guarded host_weights_, host_a_;
  Rotating weights_;
  Memory a_, out_;
  std::unique_ptr<DeviceGrouped> product_;
};

std::vector<int> tokens_of_experts(const MoeShape& shape) {
  std::vector<int> counts(static_cast<std::size_t>(shape.experts));
  for (const std::int32_t expert : make_routing(shape, 0, "moe/routing").experts) {
    ++counts[static_cast<std::size_t>(expert)];
  }
  return counts;
}

Case case_of(const ModelShape& model, const std::string& layer, const MoeShape& moe,
             const GroupedShape& shape, const DeviceGroupedMaker& maker) {
  const auto active = experts_of(shape) - std::count(shape.counts.begin(), shape.counts.end(), 0);
  Case wanted;
  wanted.row.op = "gemm/grouped_" + layer;
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"tokens", moe.tokens},
                      {"experts", moe.experts},
                      {"top_k", moe.top_k},
                      {"n", shape.columns},
                      {"k", shape.k}};
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.row.flops = shape.flops();
  wanted.row.bytes = 2.0 * static_cast<double>(active * shape.columns * shape.k +
                                               shape.tokens() * (shape.columns + shape.k));
  wanted.absent = maker.absent;
  wanted.memory_bytes = 2 * wanted.row.bytes;
  wanted.cache = "cold";
  wanted.prepare = [shape, maker](Threads&) {
    return std::make_unique<GroupedTrial>(shape, maker);
  };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  if (!model.moe) return cases;
  for (const std::int64_t tokens : {128, 16384}) {
    const MoeShape moe{tokens, model.hidden, model.moe->intermediate, model.moe->experts,
                       model.moe->top_k};
    const std::vector<int> counts = tokens_of_experts(moe);
    const int block = tokens * moe.top_k / moe.experts <= 16 ? 16 : 128;
    const GroupedShape gate_up{counts, block, 2 * moe.intermediate, moe.hidden};
    const GroupedShape down{counts, block, moe.hidden, moe.intermediate};
    for (const auto& [layer, shape] : {std::pair{"gate_up", gate_up}, {"down", down}}) {
      for (const DeviceGroupedMaker& maker :
           {our_hopper_grouped(), our_device_grouped(), cublas_grouped(), cudnn_grouped()}) {
        if (maker.implementation == our_hopper_grouped().implementation && block != 128) continue;
        cases.push_back(case_of(model, layer, moe, shape, maker));
      }
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "gemm/grouped", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
