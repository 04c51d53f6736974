#include "kernels/gemm/weight_only_cases.h"

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/gemm/linear_layers.h"
#include "kernels/gemm/weight_only.h"

namespace pingjia::kernels {
namespace {

Case row_of(const ModelShape& model, const LinearLayer& layer, const GemmShape& shape, int bits) {
  Case wanted;
  wanted.row.op = "gemm/" + layer.name;
  wanted.row.type = bits == 8 ? "w8a16" : "w4a16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"m", shape.rows}, {"n", shape.columns}, {"k", shape.k}};
  wanted.row.flops = shape.flops();
  wanted.row.bytes = weight_only_bytes(shape, bits);
  // While they are rounded, the weights lie there in bf16 too.
  wanted.memory_bytes = wanted.row.bytes + shape.minimum_bytes(2, 2);
  wanted.cache = "cold";
  return wanted;
}

}  // namespace

std::vector<WeightOnlyCase> weight_only_cases(const ModelShape& model) {
  std::vector<WeightOnlyCase> cases;
  for (const LinearLayer& layer : linear_layers(model)) {
    if (layer.name != "o") continue;
    for (const int bits : {8, 4}) {
      for (const std::int64_t rows : {1, 16}) {
        const GemmShape shape{rows, layer.columns, layer.k};
        cases.push_back({shape, bits, row_of(model, layer, shape, bits)});
      }
    }
  }
  return cases;
}

std::optional<std::string> weight_only_fault(
    const GemmShape& shape, const Bf16* a, std::span<const Bf16> out,
    const std::function<void(std::int64_t column, float* weights)>& dequantize) {
  if (auto nan = nan_in(out)) return nan;
  // All columns would take longer than the kernel.
  constexpr int kSome = 16;
  harness::Rng rng(1, "weight_only/check");
  std::vector<float> actual, weights(static_cast<std::size_t>(shape.k));
  std::vector<double> expected;
  for (int i = 0; i < kSome; ++i) {
    const auto some =
        static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(shape.columns)));
    const std::int64_t column = i == 0 ? shape.columns - 1 : some;
    dequantize(column, weights.data());
    for (std::int64_t row = 0; row < shape.rows; ++row) {
      double sum = 0;
      for (std::int64_t at = 0; at < shape.k; ++at) {
        sum += static_cast<double>(to_float(a[row * shape.k + at])) *
               static_cast<double>(weights[static_cast<std::size_t>(at)]);
      }
      expected.push_back(sum);
      actual.push_back(to_float(out[static_cast<std::size_t>(row * shape.columns + column)]));
    }
  }
  return difference_over(actual, expected, kBf16Tolerance);
}

}  // namespace pingjia::kernels
