#include "reports/timeline_bins.h"

#include <gtest/gtest.h>

#include <deque>

namespace pingjia::reports {
namespace {

using harness::kSecond;
using harness::Nanos;
using harness::Record;

class Records {
 public:
  /// Sent and done so many seconds after the clock's 100 s; all of `tokens` in one piece.
  Record& add(double sent_s, double done_s, std::int64_t tokens = 0, int session = 0) {
    Record& record = records_.emplace_back();
    record.session = session;
    record.completion.timeline.sent = stamp(sent_s);
    record.completion.timeline.done = stamp(done_s);
    record.completion.usage.input = 1;
    record.completion.usage.output = tokens;
    return record;
  }
  static Nanos stamp(double s) { return 100 * kSecond + static_cast<Nanos>(s * 1e9); }
  std::vector<const Record*> all() const {
    std::vector<const Record*> list;
    for (const auto& record : records_) list.push_back(&record);
    return list;
  }

 private:
  std::deque<Record> records_;  // Whose places stay.
};

std::vector<TimelineBin> bins_of(const Records& records, std::size_t count,
                                 std::span<const PowerSpan> power = {}) {
  const auto all = records.all();
  const RunClock clock = run_clock(all);
  return timeline_bins(all, clock, power, clock.length_s, count);
}

TEST(RunClock, LaysSessionsEndToEnd) {
  Records records;
  records.add(5, 7);
  records.add(6, 9);
  records.add(500, 503, 0, 1);
  const RunClock clock = run_clock(records.all());
  EXPECT_DOUBLE_EQ(clock.length_s, 4 + 3);
  EXPECT_DOUBLE_EQ(clock.at(0, Records::stamp(6)), 1);
  EXPECT_DOUBLE_EQ(clock.at(1, Records::stamp(501)), 5);
}

TEST(RunClock, PassesOverWhatWasNeverSent) {
  Records records;
  records.add(5, 7).completion.timeline.sent = 0;
  EXPECT_EQ(run_clock(records.all()).length_s, 0);
  EXPECT_TRUE(bins_of(records, 10).empty());
}

TEST(TimelineBins, CountsTheMeanInFlight) {
  Records records;
  records.add(0, 4);
  records.add(1, 2);
  records.add(1.5, 2.5);
  const auto bins = bins_of(records, 4);
  ASSERT_EQ(bins.size(), 4U);
  EXPECT_NEAR(bins[0].in_flight, 1, 1e-9);
  EXPECT_NEAR(bins[1].in_flight, 2.5, 1e-9);
  EXPECT_NEAR(bins[2].in_flight, 1.5, 1e-9);
  EXPECT_NEAR(bins[3].in_flight, 1, 1e-9);
}

// Little's law: the integral of those in flight is the sum of their times.
TEST(TimelineBins, LoseNoTimeNorTokens) {
  Records records;
  double time = 0;
  double tokens = 0;
  for (int i = 0; i < 300; ++i) {
    const double sent = 0.037 * i;
    const double life = 0.1 + 0.013 * (i % 17);
    records.add(sent, sent + life, i % 9);
    time += life;
    tokens += i % 9;
  }
  double flown = 0;
  double written = 0;
  for (const auto& bin : bins_of(records, 97)) {
    flown += bin.in_flight * (bin.end_s - bin.begin_s);
    written += bin.tokens_per_s * (bin.end_s - bin.begin_s);
  }
  EXPECT_NEAR(flown, time, 1e-6);
  EXPECT_NEAR(written, tokens, 1e-6);
}

TEST(TimelineBins, SpreadTokensOverArrivals) {
  Records records;
  Record& record = records.add(0, 4, 30);
  record.completion.usage.reasoning = 10;
  record.completion.timeline.arrivals = {{Records::stamp(0.5), 1}, {Records::stamp(3.5), 3}};
  const auto bins = bins_of(records, 4);
  EXPECT_NEAR(bins[0].tokens_per_s, 10, 1e-9);
  EXPECT_NEAR(bins[1].tokens_per_s, 0, 1e-9);
  EXPECT_NEAR(bins[3].tokens_per_s, 30, 1e-9);
}

TEST(TimelineBins, AFailureStandsWhereItEnded) {
  Records records;
  records.add(0, 4);
  records.add(0.5, 2.5).completion.failure.emplace().kind = harness::FailureClass::kServer;
  const auto bins = bins_of(records, 4);
  EXPECT_EQ(bins[0].failures, 0);
  EXPECT_EQ(bins[2].failures, 1);
}

TEST(TimelineBins, PowerOfTwoAtOnceIsUnknown) {
  Records records;
  records.add(0, 4);
  const PowerSpan spans[] = {{0, 2.9, 100}, {2.1, 3, 50}};
  const auto bins = bins_of(records, 4, spans);
  EXPECT_EQ(bins[0].power_w, 100);
  EXPECT_EQ(bins[1].power_w, 100);
  EXPECT_FALSE(bins[2].power_w);
  EXPECT_FALSE(bins[3].power_w);
}

TEST(TimelineBins, AreTwentyToTwoHundred) {
  EXPECT_EQ(bins_for(0), 20U);
  EXPECT_EQ(bins_for(300), 100U);
  EXPECT_EQ(bins_for(200'000), kMostBins);
}

}  // namespace
}  // namespace pingjia::reports
