#include "kernels/compare/products.h"

#include <gtest/gtest.h>

#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"
#include "tests/kernels/instrumented.h"

namespace pingjia::kernels {
namespace {

float widen(float value) {
  return value;
}
float widen(Bf16 value) {
  return to_float(value);
}

template <class T>
double dot(const T* a, const T* b, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    sum += static_cast<double>(widen(a[i])) * static_cast<double>(widen(b[i]));
  }
  return sum;
}

template <class T>
void expect_right(const GemmShape& shape, const ProductMaker<T>& maker, Threads& threads,
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
  for (const T value : out.span<T>()) actual.push_back(widen(value));
  const auto difference = difference_over(actual, expected, tolerance);
  EXPECT_FALSE(difference) << maker.implementation << " " << shape.rows << "x" << shape.columns
                           << "x" << shape.k << ": " << difference.value_or("");
  EXPECT_TRUE(out.is_intact() && a.is_intact());
  std::size_t bytes = 0;
  for (const auto memory : product->weights()) bytes += memory.size();
  EXPECT_GE(bytes, static_cast<std::size_t>(shape.columns * shape.k) * sizeof(T));
}

template <class T>
void expect_all_right(const std::vector<ProductMaker<T>>& makers, double tolerance) {
  if (kThreadsAreWatched) GTEST_SKIP() << kWatchedReason;
  std::string absent;
  for (const auto& maker : makers) {
    EXPECT_FALSE(maker.ours);
    if (!maker.absent.empty()) {
      absent += maker.implementation + ": " + maker.absent + "\n";
      continue;
    }
    for (const int count : {1, 2}) {
      Threads threads(count);
      for (const GemmShape& shape :
           {GemmShape{1, 1, 1}, GemmShape{1, 300, 129}, GemmShape{33, 31, 65}, GemmShape{2, 700, 3},
            GemmShape{130, 70, 520}}) {
        expect_right(shape, maker, threads, tolerance);
      }
    }
  }
  if (!absent.empty()) GTEST_SKIP() << absent;
}

TEST(OtherProducts, EqualTheDefinitionInBf16) {
  expect_all_right(other_bf16_products(), kBf16Tolerance);
}

TEST(OtherProducts, EqualTheDefinitionInFp32) {
  expect_all_right(other_fp32_products(), kFp32Tolerance);
}

}  // namespace
}  // namespace pingjia::kernels
