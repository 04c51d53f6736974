#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "kernels/closeness.h"
#include "kernels/gemm/weight_only.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {

/// Expects a product to be that of random rows and `weights` [columns][k], and to write nothing
/// beside its output.
template <class T, class Weight>
void expect_output(const GemmShape& shape, Product<T>& product, const std::vector<Weight>& weights,
                   double tolerance, const std::string& implementation) {
  Guarded a(shape.rows * shape.k * std::int64_t{sizeof(T)});
  Guarded out(shape.rows * shape.columns * std::int64_t{sizeof(T)});
  fill_normals(a.span<T>(), "a");
  product.run(a.as<T>(), out.as<T>());
  std::vector<double> expected;
  for (std::int64_t i = 0; i < shape.rows; ++i) {
    for (std::int64_t j = 0; j < shape.columns; ++j) {
      const Weight* column = weights.data() + j * shape.k;
      double sum = 0;
      for (std::int64_t l = 0; l < shape.k; ++l) {
        sum += static_cast<double>(to_float(a.as<T>()[i * shape.k + l])) *
               static_cast<double>(to_float(column[l]));
      }
      expected.push_back(sum);
    }
  }
  std::vector<float> actual;
  for (const T value : out.span<T>()) actual.push_back(to_float(value));
  const auto difference = difference_over(actual, expected, tolerance);
  EXPECT_FALSE(difference) << implementation << " " << shape.rows << "x" << shape.columns << "x"
                           << shape.k << ": " << difference.value_or("");
  EXPECT_TRUE(out.is_intact() && a.is_intact());
}

template <class T>
std::vector<T> random_weights(const GemmShape& shape) {
  std::vector<T> weights(static_cast<std::size_t>(shape.columns * shape.k));
  fill_normals(std::span<T>(weights), "weights");
  return weights;
}

/// Expects a product to equal its definition, and to need the weights no more once it is made.
template <class T>
void expect_product(const GemmShape& shape, const ProductMaker<T>& maker, Threads& threads,
                    double tolerance) {
  const std::vector<T> weights = random_weights<T>(shape);
  std::vector<T> given = weights;
  const auto product = maker.make(shape, given.data(), threads);
  std::fill(given.begin(), given.end(), T{});
  expect_output(shape, *product, weights, tolerance, maker.implementation);
  std::size_t bytes = 0;
  for (const auto memory : product->weights()) bytes += memory.size();
  EXPECT_GE(bytes, weights.size() * sizeof(T));
}

/// Expects it to equal its definition with the weights that it says it has, and these to be near
/// those it was given: within `steps` steps of `bits` bits of the largest one, and some rounding of
/// scales.
inline void expect_weight_only(const GemmShape& shape, int bits, const WeightOnlyMaker& maker,
                               Threads& threads, float steps = 0.5) {
  const std::vector<Bf16> weights = random_weights<Bf16>(shape);
  std::vector<Bf16> given = weights;
  const auto product = maker.make(shape, given.data(), threads);
  std::fill(given.begin(), given.end(), Bf16{});
  std::vector<float> rounded(weights.size());
  float most = 0, furthest = 0;
  for (std::int64_t j = 0; j < shape.columns; ++j) {
    product->dequantize(j, rounded.data() + j * shape.k);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    most = std::max(most, std::abs(to_float(weights[i])));
    furthest = std::max(furthest, std::abs(to_float(weights[i]) - rounded[i]));
  }
  const float largest = bits == 8 ? 127 : 7;
  EXPECT_LE(furthest, most * (steps / largest + 0.005F)) << maker.implementation << " " << bits;
  expect_output(shape, *product, rounded, kBf16Tolerance, maker.implementation);
  std::size_t bytes = 0;
  for (const auto memory : product->weights()) bytes += memory.size();
  EXPECT_GE(bytes * 8, weights.size() * static_cast<std::size_t>(bits));
}

}  // namespace pingjia::kernels
