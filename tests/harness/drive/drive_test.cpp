#include "harness/drive/drive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/fake_loop.h"
#include "tests/harness/drive/timed_adapter.h"

namespace pingjia::harness {
namespace {

class Kept final : public Observer {
 public:
  void recorded(const Record& record) override {
    records.push_back(record);
    if (records.size() == stop_after) answer = stop_with;
  }
  Proceed proceed() override { return answer; }

  std::vector<Record> records;
  std::size_t stop_after = 0;
  Proceed stop_with = Proceed::kDrain;
  Proceed answer = Proceed::kGo;
};

Plan plan_of(std::size_t count, Load load) {
  Suite suite;
  suite.name = "s";
  for (std::size_t i = 0; i < count; ++i)
    suite.samples.push_back({std::to_string(i), "q", "g", {}, ""});
  Protocol protocol;
  protocol.name = "p";
  PlanOptions options;
  options.load = load;
  Plan plan{"system", "s/p", load, {}};
  for (std::size_t i = 0; i < count; ++i) {
    PlannedRequest planned;
    planned.key = {"system", "s/p", std::to_string(i), 0, 0};
    if (load.mode != LoadMode::kClosed) {
      planned.due = static_cast<Nanos>(static_cast<double>(i) / load.rate * 1e9);
    }
    plan.requests.push_back(planned);
  }
  return plan;
}

Load closed(int concurrency) {
  Load load;
  load.concurrency = concurrency;
  return load;
}

TEST(Drive, ClosedLoopKeepsItsConcurrency) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  Kept kept;
  EXPECT_TRUE(drive(plan_of(20, closed(4)), adapter, loop, {}, kept));
  EXPECT_EQ(kept.records.size(), 20U);
  EXPECT_EQ(adapter.most_, 4U);
  // 20 requests, 4 at a time, 100 ms each.
  EXPECT_EQ(loop.now() - kSecond, 500 * kMillisecond);
  for (const auto& record : kept.records) {
    EXPECT_EQ(record.completion.timeline.due, record.completion.timeline.sent);
    EXPECT_TRUE(record.last_attempt);
  }
}

TEST(Drive, OpenLoopLatencyCountsFromWhenItWasDue) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  adapter.latency_ = 500 * kMillisecond;
  Load load;
  load.mode = LoadMode::kConstant;
  load.rate = 10;
  load.max_in_flight = 1;
  Kept kept;
  EXPECT_TRUE(drive(plan_of(4, load), adapter, loop, {}, kept));
  // Due every 100 ms, served every 500 ms: the fourth waits 1.2 s and ends 1.7 s after it was due.
  const auto& last = kept.records[3].completion.timeline;
  EXPECT_EQ(last.due - kSecond, 300 * kMillisecond);
  EXPECT_EQ(last.sent - last.due, 1200 * kMillisecond);
  EXPECT_EQ(last.done - last.due, 1700 * kMillisecond);
}

TEST(Drive, ARetryIsANewAttemptWithItsOwnRecord) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  adapter.failing_ = 2;
  adapter.failure_.retry_after_s = 3;
  Kept kept;
  DriveOptions options;
  options.retries = 2;
  EXPECT_TRUE(drive(plan_of(1, closed(1)), adapter, loop, options, kept));
  ASSERT_EQ(kept.records.size(), 3U);
  EXPECT_EQ(kept.records[2].key.attempt, 2);
  EXPECT_FALSE(kept.records[0].last_attempt);
  EXPECT_FALSE(kept.records[1].last_attempt);
  EXPECT_TRUE(kept.records[2].last_attempt);
  EXPECT_FALSE(kept.records[2].completion.failure);
  // The server's hint is kept.
  EXPECT_GE(kept.records[1].completion.timeline.due,
            kept.records[0].completion.timeline.done + 3 * kSecond);
}

TEST(Drive, RetriesRunOut) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  adapter.failing_ = 99;
  Kept kept;
  DriveOptions options;
  options.retries = 1;
  EXPECT_TRUE(drive(plan_of(1, closed(1)), adapter, loop, options, kept));
  ASSERT_EQ(kept.records.size(), 2U);
  EXPECT_TRUE(kept.records[1].last_attempt);
  EXPECT_TRUE(kept.records[1].completion.failure);
}

TEST(Drive, AnAuthFailureIsNotRetried) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  adapter.failing_ = 1;
  adapter.failure_.kind = FailureClass::kAuth;
  Kept kept;
  DriveOptions options;
  options.retries = 5;
  drive(plan_of(1, closed(1)), adapter, loop, options, kept);
  EXPECT_EQ(kept.records.size(), 1U);
}

TEST(Drive, DrainLetsWhatIsInFlightFinish) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  Kept kept;
  kept.stop_after = 3;
  EXPECT_FALSE(drive(plan_of(20, closed(4)), adapter, loop, {}, kept));
  EXPECT_GE(kept.records.size(), 4U);
  EXPECT_LE(kept.records.size(), 8U);
  for (const auto& record : kept.records) EXPECT_FALSE(record.completion.failure);
}

TEST(Drive, CancelEndsWhatIsInFlightAndLeavesItOpen) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  Kept kept;
  kept.stop_after = 4;
  kept.stop_with = Proceed::kCancel;
  EXPECT_FALSE(drive(plan_of(20, closed(4)), adapter, loop, {}, kept));
  int cancelled = 0;
  for (const auto& record : kept.records) {
    if (!record.completion.failure) continue;
    EXPECT_EQ(record.completion.failure->kind, FailureClass::kCancelled);
    EXPECT_FALSE(record.last_attempt);
    ++cancelled;
  }
  EXPECT_TRUE(adapter.in_flight_.empty());
  EXPECT_EQ(kept.records.size(), 4U + static_cast<std::size_t>(cancelled));
}

TEST(Drive, APlanWithoutRequestsIsDone) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  Kept kept;
  EXPECT_TRUE(drive(plan_of(0, closed(4)), adapter, loop, {}, kept));
}

}  // namespace
}  // namespace pingjia::harness
