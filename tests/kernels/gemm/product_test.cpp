#include "kernels/gemm/product.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "tests/kernels/gemm/expect_product.h"

namespace pingjia::kernels {
namespace {

std::vector<GemmShape> ugly_shapes() {
  std::vector<GemmShape> shapes = {
      {1, 1, 1}, {33, 31, 65}, {300, 40, 520}, {17, 40, 300}, {2, 700, 3}};
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
      expect_product(shape, maker, threads, kBf16Tolerance);
    }
  }
}

TEST(OurProducts, EqualTheDefinitionInFp32) {
  Threads threads(2);
  for (const GemmShape& shape : ugly_shapes()) {
    for (const auto& maker : our_fp32_products()) {
      expect_product(shape, maker, threads, kFp32Tolerance);
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
