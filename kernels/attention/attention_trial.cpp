#include "kernels/attention/attention_trial.h"

#include <algorithm>

#include "harness/base/rng.h"
#include "kernels/attention/flash.h"
#include "kernels/attention/reference.h"
#include "kernels/closeness.h"

namespace pingjia::kernels {

AttentionTrial::AttentionTrial(const AttentionShape& shape, const AttentionMaker& maker,
                               Threads& threads)
    : shape_(shape),
      q_(shape.query_elements() * 2),
      k_(shape.key_elements() * 2),
      v_(shape.value_elements() * 2),
      out_(shape.output_elements() * 2) {
  fill_normals(q_.span<Bf16>(), "attention/q");
  fill_normals(k_.span<Bf16>(), "attention/k");
  fill_normals(v_.span<Bf16>(), "attention/v");
  call_ = maker.make(shape, threads);
}

void AttentionTrial::run() {
  call_->run(q_.as<Bf16>(), k_.as<Bf16>(), v_.as<Bf16>(), out_.as<Bf16>());
}

std::optional<std::string> AttentionTrial::check() {
  if (!q_.is_intact() || !k_.is_intact() || !v_.is_intact() || !out_.is_intact()) {
    return "wrote beside its buffers";
  }
  return attention_fault(shape_, q_.as<Bf16>(), k_.as<Bf16>(), v_.as<Bf16>(), out_.span<Bf16>());
}

std::vector<std::span<const std::byte>> AttentionTrial::operands() const {
  return {q_.memory(), k_.memory(), v_.memory()};
}

std::optional<std::string> attention_fault(const AttentionShape& shape, const Bf16* q,
                                           const Bf16* k, const Bf16* v, std::span<Bf16> out) {
  if (auto nan = nan_in(out)) return nan;
  // All rows would take longer than the kernel: the last of some problems, and others at random.
  constexpr std::uint64_t kSome = 24;
  const auto problems = problems_of(shape, q, k, v, out.data());
  harness::Rng rng(1, "attention/check");
  std::vector<float> actual;
  std::vector<double> expected, row(static_cast<std::size_t>(shape.value_width));
  for (std::uint64_t i = 0; i < kSome; ++i) {
    const AttentionProblem& problem = problems[rng.below(problems.size())];
    const auto rows = static_cast<std::uint64_t>(problem.rows());
    const auto at = static_cast<std::int64_t>(i % 4 == 0 ? rows - 1 : rng.below(rows));
    attention_row_reference(problem, at, shape.key_width, shape.value_width, row.data());
    expected.insert(expected.end(), row.begin(), row.end());
    const Bf16* made = problem.out + at / problem.group * problem.out_stride +
                       at % problem.group * shape.value_width;
    for (std::int64_t j = 0; j < shape.value_width; ++j) actual.push_back(to_float(made[j]));
  }
  return difference_over(actual, expected, kBf16Tolerance);
}

Case attention_case(const std::string& op, const std::string& model, const AttentionShape& shape,
                    const AttentionMaker& maker) {
  Case wanted;
  wanted.row.op = op;
  wanted.row.type = "bf16";
  wanted.row.model = model;
  wanted.row.shape = {{"batch", shape.batch},
                      {"query_length", shape.query_length},
                      {"key_length", shape.key_length},
                      {"query_heads", shape.query_heads},
                      {"kv_heads", shape.kv_heads},
                      {"key_width", shape.key_width},
                      {"value_width", shape.value_width}};
  if (shape.window > 0) wanted.row.shape["window"] = shape.window;
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.row.flops = shape.flops();
  wanted.row.bytes = shape.minimum_bytes(sizeof(Bf16));
  wanted.absent = maker.absent;
  // The tensors, and once more as the implementation packs them.
  wanted.memory_bytes = 2 * wanted.row.bytes;
  // A decode step reads a cache that the layers' weights have driven out.
  wanted.cache = shape.query_length == 1 ? "cold" : "hot";
  wanted.prepare = [shape, maker](Threads& threads) {
    return std::make_unique<AttentionTrial>(shape, maker, threads);
  };
  return wanted;
}

}  // namespace pingjia::kernels
