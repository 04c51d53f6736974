#include "kernels/gemm/product.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

float widen(float value) {
  return value;
}
float widen(Bf16 value) {
  return to_float(value);
}

/// The product by its definition.
template <class T>
std::vector<double> expected_of(const GemmShape& shape, const T* a, const T* weights) {
  std::vector<double> out;
  for (std::int64_t i = 0; i < shape.rows; ++i) {
    for (std::int64_t j = 0; j < shape.columns; ++j) {
      double sum = 0;
      for (std::int64_t l = 0; l < shape.k; ++l) {
        sum += static_cast<double>(widen(a[i * shape.k + l])) *
               static_cast<double>(widen(weights[j * shape.k + l]));
      }
      out.push_back(sum);
    }
  }
  return out;
}

template <class T>
void expect_right(const GemmShape& shape, const ProductMaker<T>& maker, Threads& threads,
                  double tolerance) {
  Guarded a(shape.rows * shape.k * std::int64_t{sizeof(T)});
  Guarded weights(shape.columns * shape.k * std::int64_t{sizeof(T)});
  Guarded out(shape.rows * shape.columns * std::int64_t{sizeof(T)});
  fill_normals(a.span<T>(), "a");
  fill_normals(weights.span<T>(), "weights");
  const auto expected = expected_of(shape, a.as<T>(), weights.as<T>());
  const auto product = maker.make(shape, weights.as<T>(), threads);
  product->run(a.as<T>(), out.as<T>());
  std::vector<float> actual;
  for (const T value : out.span<T>()) actual.push_back(widen(value));
  const auto difference = difference_over(actual, expected, tolerance);
  EXPECT_FALSE(difference) << maker.implementation << " " << shape.rows << "x" << shape.columns
                           << "x" << shape.k << ": " << difference.value_or("");
  EXPECT_TRUE(out.is_intact() && a.is_intact() && weights.is_intact());
}

std::vector<GemmShape> ugly_shapes() {
  std::vector<GemmShape> shapes = {{1, 1, 1}, {33, 31, 65}, {300, 40, 520}, {2, 700, 3}};
  harness::Rng rng(1, "gemm/shapes");
  const auto up_to = [&](std::uint64_t most) {
    return static_cast<std::int64_t>(1 + rng.below(most));
  };
  for (int i = 0; i < 20; ++i) shapes.push_back({up_to(70), up_to(130), up_to(200)});
  return shapes;
}

TEST(OurProducts, EqualTheDefinitionInBf16) {
  Threads threads(2);
  for (const GemmShape& shape : ugly_shapes()) {
    for (const auto& maker : our_bf16_products()) {
      expect_right(shape, maker, threads, kBf16Tolerance);
    }
  }
}

TEST(OurProducts, EqualTheDefinitionInFp32) {
  Threads threads(2);
  for (const GemmShape& shape : ugly_shapes()) {
    for (const auto& maker : our_fp32_products()) {
      expect_right(shape, maker, threads, kFp32Tolerance);
    }
  }
}

TEST(OurProducts, AreThereForEveryInstructionSet) {
  std::size_t here = 0;
  for (const Isa isa : kEveryIsa) here += is_here(isa) ? 1 : 0;
  EXPECT_EQ(our_bf16_products().size(), here);
  EXPECT_EQ(our_bf16_products().back().implementation, "pingjia portable");
}

TEST(GemmShape, CountsFlopsAndBytes) {
  const GemmShape shape{16, 4096, 14336};
  EXPECT_EQ(shape.flops(), 2.0 * 16 * 4096 * 14336);
  EXPECT_EQ(shape.minimum_bytes(2, 4), 2.0 * 14336 * (16 + 4096) + 4.0 * 16 * 4096);
}

}  // namespace
}  // namespace pingjia::kernels
