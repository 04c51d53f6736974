#include "harness/drive/warm_up.h"

#include <gtest/gtest.h>

#include "tests/fake_loop.h"
#include "tests/harness/drive/timed_adapter.h"

namespace pingjia::harness {
namespace {

std::vector<Plan> plans_of(Mode mode) {
  Plan plan;
  plan.requests.emplace_back().request.mode = mode;
  return {Plan{}, plan};
}

bool never() {
  return false;
}

TEST(WarmUp, SendsAllAndNeverMoreThanTheConnections) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  const Nanos start = loop.now();
  warm_up(plans_of(Mode::kGenerate), 20, 3, adapter, loop, never);
  EXPECT_EQ(adapter.sinks_.size(), 20u);
  EXPECT_EQ(adapter.most_, 3u);
  EXPECT_TRUE(adapter.in_flight_.empty());
  EXPECT_EQ(loop.now() - start, 7 * adapter.latency_);
}

TEST(WarmUp, StoppedItCancelsWhatIsInFlightAndSendsNoMore) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  const Nanos start = loop.now();
  adapter.latency_ = 100 * kSecond;
  warm_up(plans_of(Mode::kGenerate), 20, 3, adapter, loop,
          [&] { return loop.now() - start >= 5 * kSecond; });
  EXPECT_EQ(adapter.sinks_.size(), 3u);
  EXPECT_TRUE(adapter.in_flight_.empty());
}

// An adapter that does not even answer a cancelled request must not hold up the end.
TEST(WarmUp, GivesUpOnADeafAdapter) {
  struct Deaf final : public Adapter {
    Facts open(int) override { return {}; }
    void submit(const Request&, Sink&) override {}
    void cancel(const std::string&) override {}
    Closing close() override { return {}; }
  } deaf;
  FakeLoop loop;
  const Nanos start = loop.now();
  warm_up(plans_of(Mode::kGenerate), 2, 2, deaf, loop, [] { return true; });
  EXPECT_LT(loop.now() - start, 20 * kSecond);
}

TEST(WarmUp, OnlyGenerationIsWarmedUp) {
  FakeLoop loop;
  TimedAdapter adapter(loop);
  warm_up(plans_of(Mode::kLoglikelihood), 5, 1, adapter, loop, never);
  EXPECT_TRUE(adapter.sinks_.empty());
}

}  // namespace
}  // namespace pingjia::harness
