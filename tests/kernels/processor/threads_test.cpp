#include "kernels/processor/threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace pingjia::kernels {
namespace {

TEST(Threads, DoEachTaskOnce) {
  for (const int count : {1, 2, 5}) {
    Threads threads(count);
    ASSERT_EQ(threads.count(), count);
    for (const std::int64_t tasks : {0, 1, 2, 1000}) {
      std::vector<std::atomic<int>> done(static_cast<std::size_t>(tasks));
      std::atomic<bool> in_range{true};
      threads.run(tasks, [&](std::int64_t task, int thread) {
        ++done[static_cast<std::size_t>(task)];
        if (thread < 0 || thread >= count) in_range = false;
      });
      for (const auto& times : done) EXPECT_EQ(times, 1);
      EXPECT_TRUE(in_range);
    }
  }
}

TEST(Threads, FollowEachOtherManyTimes) {
  Threads threads(3);
  std::atomic<std::int64_t> sum{0};
  for (int round = 0; round < 300; ++round) {
    threads.run(5, [&](std::int64_t task, int) { sum += task; });
  }
  EXPECT_EQ(sum, 300 * 10);
}

TEST(Threads, OneForEachProcessorByDefault) {
  EXPECT_EQ(Threads().count(), static_cast<int>(usable_processors().size()));
}

TEST(UsableProcessors, AreDistinct) {
  const auto processors = usable_processors();
  EXPECT_FALSE(processors.empty());
  EXPECT_EQ(std::set<int>(processors.begin(), processors.end()).size(), processors.size());
}

}  // namespace
}  // namespace pingjia::kernels
