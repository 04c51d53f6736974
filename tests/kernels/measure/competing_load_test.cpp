#include "kernels/measure/competing_load.h"

#include <gtest/gtest.h>

namespace pingjia::kernels {
namespace {

TEST(CompetingProcessors, AreTheBusyOnesThatAreNotOurs) {
  EXPECT_DOUBLE_EQ(competing_processors({100, 10}, {130, 20}, 10), 2);
  EXPECT_EQ(competing_processors({100, 10}, {110, 25}, 10), 0);
  EXPECT_EQ(competing_processors({}, {}, 0), 0);
}

TEST(ProcessorTime, GrowsWithWhatThisProcessDoes) {
  const ProcessorTime before = processor_time();
  volatile double sink = 0;
  for (int i = 0; i < 20'000'000; ++i) sink = sink + 1;
  const ProcessorTime after = processor_time();
  EXPECT_GT(after.own, before.own);
  EXPECT_GE(after.busy, before.busy);
}

}  // namespace
}  // namespace pingjia::kernels
