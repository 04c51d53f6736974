#include "harness/money/gpu_ledger.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"

namespace pingjia::harness {
namespace {

Record record_of(Nanos sent, Nanos first, Nanos done, int session = 0) {
  Record record;
  record.session = session;
  record.completion.timeline.sent = sent;
  record.completion.timeline.first_token = first;
  record.completion.timeline.done = done;
  return record;
}

std::vector<const Record*> pointers(const std::vector<Record>& records) {
  std::vector<const Record*> list;
  for (const auto& record : records) list.push_back(&record);
  return list;
}

const Pricing kByTheHour = MachinePricing{{"box", parse_usd("3.60", "t"), 0, 8, "", ""}};

TEST(GpuLedger, HasThreeViews) {
  const std::vector<Record> records{record_of(100, 110, 200), record_of(150, 160, 250),
                                    record_of(400, 410, 500)};
  const SystemCost cost = cost_of_system(pointers(records), kByTheHour);
  const GpuLedger ledger = gpu_ledger_of(cost, 8, 1'000);
  EXPECT_EQ(ledger.serving, 8 * 400);
  EXPECT_EQ(ledger.requests, (std::vector<__int128>{8 * 75, 8 * 75, 8 * 100}));
  EXPECT_EQ(ledger.idle, 8 * 150);
  EXPECT_EQ(*ledger.reserved, 8 * 1'000);
  EXPECT_EQ(*ledger.unused, 8 * 600);
  EXPECT_FALSE(gpu_ledger_of(cost, 8, {}).reserved);
  EXPECT_NEAR(gpu_hours(static_cast<__int128>(3600) * kSecond * 8), 8, 1e-12);
}

TEST(GpuLedger, ConservesOverThousandsOfRandomRuns) {
  Rng rng(11, "gpu_ledger");
  for (int run = 0; run < 10'000; ++run) {
    std::vector<Record> records;
    const int sessions = 1 + static_cast<int>(rng.below(3));
    const auto count = rng.below(12);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Nanos sent = 1 + static_cast<Nanos>(rng.below(1'000'000'007));
      const Nanos life = static_cast<Nanos>(rng.below(999'999'937));
      const Nanos first =
          sent + static_cast<Nanos>(rng.below(static_cast<std::uint64_t>(life) + 1));
      records.push_back(
          record_of(sent, first, sent + life,
                    static_cast<int>(rng.below(static_cast<std::uint64_t>(sessions)))));
    }
    const auto list = pointers(records);
    const SystemCost cost = cost_of_system(list, kByTheHour);
    const int gpus = static_cast<int>(rng.below(17));
    const GpuLedger ledger = gpu_ledger_of(cost, gpus, cost.window + 5);
    ASSERT_EQ(ledger.active() + ledger.idle, ledger.serving);
    ASSERT_EQ(ledger.serving + *ledger.unused, *ledger.reserved);
    // Money follows the shares, idle time included, to the picodollar.
    Money sum;
    for (const auto& attempt : cost.attempts) sum += attempt.machine;
    ASSERT_EQ(sum, records.empty() ? Money() : cost_of_time(parse_usd("3.60", "t"), cost.window));
    // Phases lose nothing, and neither does the cost divided by them.
    const PhaseTime phases = phases_by_first_token(list, cost.held);
    __int128 held = 0;
    for (const Nanos share : cost.held) held += share;
    ASSERT_EQ(phases.prefill + phases.decode, held);
    ASSERT_GE(phases.prefill, 0);
    ASSERT_GE(phases.decode, 0);
    const SplitCost split = split_cost(sum, phases);
    ASSERT_EQ(split.input + split.output, sum);
    ASSERT_GE(split.input, Money());
    ASSERT_GE(split.output, Money());
  }
}

TEST(Phases, DivideByTheFirstToken) {
  const std::vector<Record> records{record_of(0, 25, 100), record_of(10, 20, 20)};
  const std::vector<Nanos> held{80, 7};
  const PhaseTime phases = phases_by_first_token(pointers(records), held);
  EXPECT_EQ(phases.prefill, 20 + 7);
  EXPECT_EQ(phases.decode, 60);
  EXPECT_FALSE(phases.closing_error);
}

TEST(Phases, WithoutAFirstTokenAreAllPrefill) {
  std::vector<Record> records{record_of(0, 0, 100)};
  records[0].completion.timeline.first_token.reset();
  EXPECT_EQ(phases_by_first_token(pointers(records), std::vector<Nanos>{80}).prefill, 80);
}

TEST(Phases, ByStepsSayHowFarTheyMissTheBusyTime) {
  const PhaseTime phases = phases_by_steps(0.25, 0.73, kSecond);
  EXPECT_NEAR(*phases.closing_error, -0.02, 1e-12);
  EXPECT_NEAR(phases.prefill_share(), 0.25 / 0.98, 1e-12);
}

TEST(DoubleCharged, AddsUpToTwiceTheCost) {
  const Money cost = parse_usd("3.5", "t");
  const SplitCost both = double_charged(cost);
  EXPECT_EQ(both.input + both.output, parse_usd("7", "t"));
  EXPECT_FALSE(usd_per_mtok(cost, 0));
}

}  // namespace
}  // namespace pingjia::harness
