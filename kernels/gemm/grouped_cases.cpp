#include "kernels/gemm/grouped_cases.h"

#include <algorithm>

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/moe/routing.h"

namespace pingjia::kernels::cuda {
namespace {

std::vector<int> tokens_of_experts(const MoeShape& shape) {
  std::vector<int> counts(static_cast<std::size_t>(shape.experts));
  for (const std::int32_t expert : make_routing(shape, 0, "moe/routing").experts) {
    ++counts[static_cast<std::size_t>(expert)];
  }
  return counts;
}

GroupedCase case_of(const ModelShape& model, const std::string& layer, const MoeShape& moe,
                    const GroupedShape& shape) {
  GroupedCase made{shape, {}, 0};
  made.active_experts =
      std::ssize(shape.counts) - std::count(shape.counts.begin(), shape.counts.end(), 0);
  harness::KernelRow& row = made.row.row;
  row.op = "gemm/grouped_" + layer;
  row.model = model.name;
  row.shape = {{"tokens", moe.tokens},
               {"experts", moe.experts},
               {"top_k", moe.top_k},
               {"n", shape.columns},
               {"k", shape.k}};
  row.flops = shape.flops();
  made.row.cache = "cold";
  return made;
}

}  // namespace

std::vector<GroupedCase> grouped_cases(const ModelShape& model) {
  std::vector<GroupedCase> cases;
  if (!model.moe) return cases;
  for (const std::int64_t tokens : {128, 16384}) {
    const MoeShape moe{tokens, model.hidden, model.moe->intermediate, model.moe->experts,
                       model.moe->top_k};
    const std::vector<int> counts = tokens_of_experts(moe);
    const int block = tokens * moe.top_k / moe.experts <= 16 ? 16 : 128;
    cases.push_back(
        case_of(model, "gate_up", moe, {counts, block, 2 * moe.intermediate, moe.hidden}));
    cases.push_back(case_of(model, "down", moe, {counts, block, moe.hidden, moe.intermediate}));
  }
  return cases;
}

std::optional<std::string> grouped_fault(
    const GroupedShape& shape, std::span<const Bf16> out,
    const std::function<double(std::int64_t, std::int64_t, std::int64_t)>& dot) {
  const std::vector<int> starts = shape.starts();
  std::vector<float> actual;
  std::vector<double> expected;
  harness::Rng rng(1, "grouped/check");
  for (std::int64_t expert = 0; expert < std::ssize(shape.counts); ++expert) {
    const int count = shape.counts[static_cast<std::size_t>(expert)];
    for (int i = 0; i < std::min(count, 4); ++i) {
      const auto of_expert =
          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(count)));
      const std::int64_t row =
          starts[static_cast<std::size_t>(expert)] + (i == 0 ? count - 1 : of_expert);
      const auto column =
          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(shape.columns)));
      actual.push_back(to_float(out[static_cast<std::size_t>(row * shape.columns + column)]));
      expected.push_back(dot(row, expert, column));
    }
  }
  return difference_over(actual, expected, kBf16Tolerance);
}

}  // namespace pingjia::kernels::cuda
