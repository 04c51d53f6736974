#include <gtest/gtest.h>

#include "tests/harness/summary/sample_run.h"

namespace pingjia::harness {
namespace {

DeviceEnergy board(std::optional<double> joules, bool fake = false) {
  DeviceEnergy energy;
  energy.name = "card";
  energy.scope = "GPU board";
  energy.method = "NVML energy counter";
  energy.joules = joules;
  if (!joules) energy.unknown = "GPU is lost";
  energy.fake = fake;
  return energy;
}

SampleRun run_with(std::vector<EnergyWindow> windows) {
  SampleRun run;
  SystemInput& system = run.system("local", MachinePricing{machine_of("3.60")});
  SessionInput session;
  session.opened = kStart - kSecond;
  session.closed = kStart + 2 * kSecond;
  session.energy.unknown = "";
  session.energy.windows = std::move(windows);
  session.energy.idle = {board(500)};
  session.energy.idle_s = 5;
  system.sessions = {session};
  run.input.suites = {"s/generate", "t/generate"};
  run.answer("local", "s/generate", "a", "right", kStart);
  run.answer("local", "s/generate", "b", "wrong", kStart + 100 * kMillisecond);
  run.answer("local", "t/generate", "a", "right", kStart + 500 * kMillisecond);
  return run;
}

TEST(SummaryEnergy, IsOfTheRowsOwnWindows) {
  SampleRun run = run_with({{"", 0, 7 * kSecond, {board(9'999)}},
                            {"s/generate", 0, kSecond, {board(300)}},
                            {"t/generate", kSecond, 3 * kSecond, {board(450)}}});
  const Summary summary = summarize(run.finished());
  const SummaryRow& s = row_of(summary, "local", "s/generate");
  EXPECT_EQ(value(s, "energy"), 300);
  EXPECT_EQ(value(s, "average_power"), 300);
  EXPECT_EQ(value(s, "energy_above_idle"), 200);
  EXPECT_EQ(value(s, "energy_per_output_token"), 30);
  EXPECT_EQ(value(s, "energy_per_correct"), 300);
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_EQ(value(all, "energy"), 750);
  EXPECT_EQ(value(all, "average_power"), 250);
  EXPECT_EQ(value(all, "energy_per_correct"), 375);
  EXPECT_EQ(maker(all, "energy"), "1 GPU board by NVML energy counter, 3.000 s");
  EXPECT_FALSE(all.test_double);
}

TEST(SummaryEnergy, OfAFakeMeterIsATestDouble) {
  SampleRun run = run_with({{"s/generate", 0, kSecond, {board(300, true)}},
                            {"t/generate", kSecond, 3 * kSecond, {board(450, true)}}});
  const Summary summary = summarize(run.finished());
  const SummaryRow& all = row_of(summary, "local", "*");
  EXPECT_TRUE(all.test_double);
  EXPECT_TRUE(has_note(all.notes, "fake meter"));
  EXPECT_EQ(maker(all, "energy").rfind("fake meter, a test double", 0), 0);
}

TEST(SummaryEnergy, IsUnknownWithItsReason) {
  SampleRun run = run_with({{"s/generate", 0, kSecond, {board(300)}},
                            {"t/generate", kSecond, 3 * kSecond, {board({})}}});
  const Summary summary = summarize(run.finished());
  EXPECT_EQ(value(row_of(summary, "local", "s/generate"), "energy"), 300);
  const SummaryRow& all = row_of(summary, "local", "*");
  for (const char* tag : {"energy", "average_power", "energy_per_correct"}) {
    EXPECT_FALSE(find_metric(all, tag)->value) << tag;
    EXPECT_EQ(maker(all, tag), "unknown: card: GPU is lost") << tag;
  }
  run.input.systems[0].sessions[0].energy.unknown = "no meter";
  EXPECT_EQ(maker(row_of(summarize(run.finished()), "local", "*"), "energy"), "unknown: no meter");
  run.input.systems[0].sessions.clear();
  EXPECT_NE(maker(row_of(summarize(run.finished()), "local", "*"), "energy").find("killed"),
            std::string::npos);
}

TEST(SummaryEnergy, FlagsBecomeNotes) {
  DeviceEnergy odd = board(300);
  odd.flags = {flag::kThrottled, flag::kContended, flag::kDisagrees};
  SampleRun run = run_with({{"s/generate", 0, kSecond, {odd}}});
  const Summary summary = summarize(run.finished());
  const SummaryRow& row = row_of(summary, "local", "s/generate");
  EXPECT_TRUE(has_note(row.notes, "throttled"));
  EXPECT_TRUE(has_note(row.notes, "others used the device"));
  EXPECT_TRUE(has_note(row.notes, "more than 1 %"));
}

}  // namespace
}  // namespace pingjia::harness
