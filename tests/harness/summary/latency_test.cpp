#include "harness/summary/latency.h"

#include <gtest/gtest.h>

namespace pingjia::harness {
namespace {

Record streamed(const std::vector<Arrival>& arrivals, std::int64_t tokens) {
  Record record;
  Timeline& timeline = record.completion.timeline;
  timeline.due = 90;
  timeline.sent = 100;
  timeline.arrivals = arrivals;
  timeline.first_token = arrivals.front().at;
  timeline.last_token = arrivals.back().at;
  timeline.done = arrivals.back().at + 10;
  record.completion.usage.output = tokens;
  return record;
}

TEST(Latencies, OfOneAnswerByHand) {
  const Record record = streamed({{200, 1}, {300, 2}, {600, 1}}, 5);
  const Record* answers[] = {&record};
  const Latencies latencies = latencies_of(answers);
  EXPECT_NEAR(latencies.ttft.p50.value.value(), 110e-9, 1e-15);
  EXPECT_NEAR(latencies.ttft_sent.p50.value.value(), 100e-9, 1e-15);
  EXPECT_NEAR(latencies.tpot.p50.value.value(), 100e-9, 1e-15);
  EXPECT_NEAR(latencies.e2el.p50.value.value(), 520e-9, 1e-15);
  EXPECT_NEAR(latencies.lag.p50.value.value(), 10e-9, 1e-15);
  // Gaps 100, 0 (two events in one read), 300.
  EXPECT_EQ(latencies.itl.n, 3);
  EXPECT_NEAR(latencies.itl.p50.value.value(), 100e-9, 1e-15);
  EXPECT_FALSE(latencies.itl.p50.interval);
}

TEST(Latencies, OfAnAnswerInOnePieceHaveNoTimePerToken) {
  const Record record = streamed({{200, 1}}, 5);
  const Record* answers[] = {&record};
  const Latencies latencies = latencies_of(answers);
  EXPECT_EQ(latencies.tpot.n, 0);
  EXPECT_EQ(latencies.itl.n, 0);
  EXPECT_EQ(latencies.ttft.n, 1);
}

TEST(Latencies, OfOneTokenOrOfUnknownCountHaveNoTimePerToken) {
  const Record one = streamed({{200, 1}, {300, 1}}, 1);
  Record unknown = one;
  unknown.completion.usage.output.reset();
  const Record* answers[] = {&one, &unknown};
  EXPECT_EQ(latencies_of(answers).tpot.n, 0);
}

TEST(DistributionOf, NothingIsEmpty) {
  const Distribution none = distribution_of({}, true);
  EXPECT_EQ(none.n, 0);
  EXPECT_FALSE(none.p50.value);
  EXPECT_FALSE(none.p99.value);
}

}  // namespace
}  // namespace pingjia::harness
