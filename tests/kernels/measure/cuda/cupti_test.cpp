#include "kernels/measure/cuda/cupti.h"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace pingjia::kernels::cuda {
namespace {

// Through the made library: what it is told of kernels, and that it lost some.
class CuptiTest : public testing::Test {
 protected:
  void SetUp() override {
    handle_ = dlopen(PINGJIA_MADE_CUPTI, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(handle_, nullptr) << dlerror();
    run_ = reinterpret_cast<decltype(run_)>(dlsym(handle_, "made_cupti_run"));
    lose_ = reinterpret_cast<decltype(lose_)>(dlsym(handle_, "made_cupti_lose"));
    cupti_ = Cupti::open({"libcupti.so.none", PINGJIA_MADE_CUPTI});
    ASSERT_NE(cupti_, nullptr);
  }
  void TearDown() override {
    if (handle_ != nullptr) dlclose(handle_);
  }

  void kernel(std::uint64_t begin, std::uint64_t end) const { run_(10, begin, end); }

  void* handle_ = nullptr;
  void (*run_)(std::uint32_t, std::uint64_t, std::uint64_t) = nullptr;
  void (*lose_)(std::size_t) = nullptr;
  std::unique_ptr<Cupti> cupti_;
};

TEST_F(CuptiTest, KernelsOfTheWorkAreTracedFromSeveralBuffers) {
  kernel(1, 2);  // Nobody traces yet.
  const auto spans = cupti_->trace([&] {
    for (std::uint64_t i = 0; i < 5; ++i) kernel(100 * i, 100 * i + 30);
  });
  ASSERT_EQ(spans.size(), 5u);
  EXPECT_EQ(spans[4].begin, 400u);
  EXPECT_EQ(spans[4].end, 430u);
  kernel(1, 2);
  EXPECT_TRUE(cupti_->trace([] {}).empty());
}

TEST_F(CuptiTest, WhatIsNoKernelIsNotCounted) {
  constexpr std::uint32_t kMemset = 2;
  const auto spans = cupti_->trace([&] { run_(kMemset, 0, 50), kernel(60, 70); });
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].begin, 60u);
}

TEST_F(CuptiTest, LostKernelsAreAnErrorAndTheNextTraceIsWhole) {
  const auto losing = [&] { kernel(0, 10), lose_(3); };
  EXPECT_THROW(cupti_->trace(losing), std::runtime_error);
  EXPECT_EQ(cupti_->trace([&] { kernel(0, 10); }).size(), 1u);
}

TEST_F(CuptiTest, WorkThatFailsEndsItsTrace) {
  EXPECT_THROW(cupti_->trace([] { throw std::logic_error("failed"); }), std::logic_error);
  kernel(0, 10);
  EXPECT_TRUE(cupti_->trace([] {}).empty());
}

TEST(Cupti, WithoutTheLibraryThereIsNone) {
  EXPECT_EQ(Cupti::open({"libcupti.so.none"}), nullptr);
}

TEST(BusySeconds, OverlapsCountOnceAndGapsNot) {
  EXPECT_DOUBLE_EQ(busy_seconds({}), 0);
  EXPECT_DOUBLE_EQ(busy_seconds({{100, 150}, {0, 50}}), 100e-9);
  EXPECT_DOUBLE_EQ(busy_seconds({{0, 50}, {10, 20}, {40, 70}}), 70e-9);
}

}  // namespace
}  // namespace pingjia::kernels::cuda
