#include "harness/commands/progress.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace pingjia::harness {
namespace {

ProgressState state(std::size_t done) {
  ProgressState state;
  state.label = "dense arithmetic/generate";
  state.done = done;
  state.total = 700;
  state.output_tokens = static_cast<std::int64_t>(done) * 4;
  state.usd = 0.0012;
  return state;
}

TEST(Progress, TheLineHasCountRateMoneyAndTimeLeft) {
  EXPECT_EQ(progress_line(state(350), 350, 1400, 10),
            "dense arithmetic/generate  350/700  140 tok/s  $0.001200  ETA 0:10");
  EXPECT_EQ(progress_line(state(700), 700, 2800, 10),
            "dense arithmetic/generate  700/700  280 tok/s  $0.001200  in 10.0 s");
}

TEST(Progress, AnUnknownPriceAndFailuresAreSaid) {
  ProgressState unknown = state(1);
  unknown.usd.reset();
  unknown.failed = 2;
  const std::string line = progress_line(unknown, 1, 4, 1);
  EXPECT_NE(line.find("2 failed"), std::string::npos);
  EXPECT_NE(line.find("$ unknown"), std::string::npos);
  EXPECT_NE(line.find("ETA 11:39"), std::string::npos) << line;
}

TEST(Progress, PlainLinesAreRareAndWhole) {
  std::ostringstream out;
  Progress progress(out, false);
  progress.begin(state(0), 0);
  for (int second = 1; second <= 25; ++second) {
    progress.update(state(static_cast<std::size_t>(second) * 20), second * kSecond);
  }
  progress.end(state(700), 35 * kSecond);
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);  // At 10 s, at 20 s, and the end.
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

TEST(Progress, ATerminalsLineIsRedrawnInPlace) {
  std::ostringstream out;
  Progress progress(out, true);
  progress.begin(state(0), 0);
  progress.update(state(10), kSecond);
  progress.update(state(11), kSecond + kMillisecond);  // Too soon.
  progress.end(state(700), 2 * kSecond);
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 2);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(Progress, AResumedStretchIsTimedFromItsStart) {
  std::ostringstream out;
  Progress progress(out, false);
  progress.begin(state(600), 0);
  progress.end(state(700), 10 * kSecond);
  // 100 questions of 4 tokens in 10 s, not 700.
  EXPECT_NE(out.str().find("40 tok/s"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace pingjia::harness
