#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "kernels/closeness.h"
#include "kernels/gemm/product.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {

template <class T>
double dot(const T* a, const T* b, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    sum += static_cast<double>(to_float(a[i])) * static_cast<double>(to_float(b[i]));
  }
  return sum;
}

/// Expects a product on random inputs to equal its definition, to write nothing beside its output,
/// and to need the weights no more once it is made.
template <class T>
void expect_product(const GemmShape& shape, const ProductMaker<T>& maker, Threads& threads,
                    double tolerance) {
  Guarded a(shape.rows * shape.k * std::int64_t{sizeof(T)});
  Guarded weights(shape.columns * shape.k * std::int64_t{sizeof(T)});
  Guarded out(shape.rows * shape.columns * std::int64_t{sizeof(T)});
  fill_normals(a.span<T>(), "a");
  fill_normals(weights.span<T>(), "weights");
  const auto product = maker.make(shape, weights.as<T>(), threads);
  std::vector<double> expected;
  for (std::int64_t i = 0; i < shape.rows; ++i) {
    for (std::int64_t j = 0; j < shape.columns; ++j) {
      expected.push_back(dot(a.as<T>() + i * shape.k, weights.as<T>() + j * shape.k, shape.k));
    }
  }
  // They may be gone when the product runs.
  std::fill_n(weights.as<T>(), shape.columns * shape.k, T{});
  product->run(a.as<T>(), out.as<T>());
  std::vector<float> actual;
  for (const T value : out.span<T>()) actual.push_back(to_float(value));
  const auto difference = difference_over(actual, expected, tolerance);
  EXPECT_FALSE(difference) << maker.implementation << " " << shape.rows << "x" << shape.columns
                           << "x" << shape.k << ": " << difference.value_or("");
  EXPECT_TRUE(out.is_intact() && a.is_intact());
  std::size_t bytes = 0;
  for (const auto memory : product->weights()) bytes += memory.size();
  EXPECT_GE(bytes, static_cast<std::size_t>(shape.columns * shape.k) * sizeof(T));
}

}  // namespace pingjia::kernels
