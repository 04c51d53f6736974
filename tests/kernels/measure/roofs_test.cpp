#include "kernels/measure/roofs.h"

#include <gtest/gtest.h>

#include "tests/kernels/instrumented.h"

namespace pingjia::kernels {
namespace {

constexpr double kCaches = 100e6, kPrivate = 2e6;

std::vector<harness::KernelRoof> roofs() {
  return {{"dram", 10e9, "B/s", ""}, {"cache", 50e9, "B/s", ""}, {"bf16", 1e12, "FLOP/s", ""}};
}

harness::KernelRow row(double flops, double bytes, const std::string& cache) {
  harness::KernelRow made;
  made.type = "bf16";
  made.flops = flops;
  made.bytes = bytes;
  made.cache = cache;
  return made;
}

std::optional<RoofShare> limit(const harness::KernelRow& of, double seconds) {
  return limiting_roof(of, seconds, roofs(), kCaches, kPrivate);
}

TEST(LimitingRoof, IsTheOneWithTheLongestLeastTime) {
  // 1 ms of arithmetic, 2 ms of memory.
  const auto memory = limit(row(1e9, 20e6, "cold"), 4e-3);
  EXPECT_EQ(memory->roof, "dram");
  EXPECT_DOUBLE_EQ(memory->fraction, 0.5);
  const auto arithmetic = limit(row(4e9, 20e6, "cold"), 5e-3);
  EXPECT_EQ(arithmetic->roof, "bf16");
  EXPECT_DOUBLE_EQ(arithmetic->fraction, 0.8);
}

TEST(LimitingRoof, OfAHotRowDependsOnWhatFitsTheCaches) {
  EXPECT_EQ(limit(row(1, 400e6, "hot"), 1)->roof, "dram");
  EXPECT_EQ(limit(row(1, 20e6, "hot"), 1)->roof, "cache");
  EXPECT_EQ(limit(row(1, 1e6, "hot"), 1)->roof, "bf16");
  // Partly in the caches: memory promises nothing.
  EXPECT_EQ(limit(row(1, 150e6, "hot"), 1)->roof, "bf16");
}

TEST(LimitingRoof, IsNoneForATypeWithoutRoof) {
  auto unknown = row(1e9, 1e6, "hot");
  unknown.type = "fp8";
  EXPECT_FALSE(limit(unknown, 1));
}

TEST(HigherRoofs, KeepEachBetterValue) {
  auto again = roofs();
  again[0].value = 12e9;
  again[2].value = 0.5e12;
  const auto best = higher_roofs(roofs(), again);
  EXPECT_EQ(best[0].value, 12e9);
  EXPECT_EQ(best[2].value, 1e12);
}

TEST(MeasureRoofs, FindsEachAboveZeroWithItsMaker) {
  if (kTimesMeanNothing) GTEST_SKIP() << kNoTimesReason;
  Threads threads(1);
  std::vector<std::string> names;
  for (const auto& roof : measure_roofs(threads)) {
    names.push_back(roof.name);
    EXPECT_GT(roof.value, 1e8) << roof.name;
    EXPECT_NE(roof.maker.find("1 thread"), std::string::npos) << roof.maker;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"dram", "cache", "fp32", "bf16"}));
}

}  // namespace
}  // namespace pingjia::kernels
