// Golden vectors G1, G3, G6, G7, D1, D5 and D6 of the project's research: published figures that
// the same arithmetic must give. G1's, G4's and G5's joules are in energy_test.cpp, G2 in
// hardware_catalog_test.cpp, G8 in owned_card_test.cpp, T1 to T6 in training_test.cpp.

#include <gtest/gtest.h>

#include <cmath>

#include "harness/money/cost.h"
#include "harness/money/gpu_ledger.h"

namespace pingjia::harness {
namespace {

// USD per million tokens at so many tokens a second of the whole deployment.
double usd_per_mtok_at(const char* usd_per_hour, int gpus, double tokens_per_s) {
  // Of an hour: its cost over its tokens.
  const Money hour = cost_of_time(parse_usd(usd_per_hour, "t"), 3600 * kSecond);
  const Money cost(hour.picodollars() * gpus);
  return 1e6 * cost.usd() / (tokens_per_s * 3600);
}

TEST(Golden, G1InferenceXFixture) {
  EXPECT_NEAR(usd_per_mtok_at("2.8", 1, 5000), 0.1556, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("2.8", 1, 4000), 0.1944, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("2.8", 1, 1000), 0.7778, 5e-5);
}

TEST(Golden, G3MlPerfOffline) {
  EXPECT_NEAR(usd_per_mtok_at("1.41", 8, 34'812.1), 0.0900, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("1.95", 8, 101'527), 0.0427, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("1.12", 8, 27'803.9), 0.0895, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("1.30", 16, 62'351.6), 0.0927, 5e-5);
}

TEST(Golden, G6AndG7ThePriceOrderFlipsWithTheBatch) {
  EXPECT_NEAR(usd_per_mtok_at("0.60", 1, 1'642.22), 0.1015, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("1.87", 1, 5'777.08), 0.0899, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("1.39", 1, 54.56), 7.08, 0.005);
  EXPECT_NEAR(usd_per_mtok_at("0.40", 1, 54.34), 2.04, 0.005);
}

TEST(Golden, D1ADayOfDeepSeek) {
  // 226.75 nodes of 8 GPUs for a day at $2.
  const Money day = cost_of_time(parse_usd("3628", "t"), 24 * 3600 * kSecond);
  EXPECT_EQ(day, parse_usd("87072", "t"));
}

TEST(Golden, D5PhasesByNodesClose) {
  const double day = 86'400;
  const PhaseTime phases = phases_by_nodes(608e9 / day, 73.7e3, 168e9 / day, 14.8e3, 226.75);
  EXPECT_NEAR(static_cast<double>(phases.prefill) * 1e-9, 95.48, 0.005);
  EXPECT_NEAR(static_cast<double>(phases.decode) * 1e-9, 131.38, 0.005);
  EXPECT_NEAR(*phases.closing_error, 0.0005, 0.00005);
  EXPECT_NEAR(phases.prefill_share(), 0.421, 0.0005);
}

TEST(Golden, D6AttributedAndUndivided) {
  EXPECT_NEAR(usd_per_mtok_at("16", 1, 73.7e3), 0.0603, 5e-5);
  EXPECT_NEAR(usd_per_mtok_at("16", 1, 14.8e3), 0.3003, 5e-5);
  const Money day = parse_usd("87072", "t");
  const SplitCost whole = double_charged(day);
  EXPECT_NEAR(*usd_per_mtok(whole.input, 608'000'000'000), 0.1432, 5e-5);
  EXPECT_NEAR(*usd_per_mtok(whole.output, 168'000'000'000), 0.5183, 5e-5);
  EXPECT_NEAR(*usd_per_mtok(day, 776'000'000'000), 0.1122, 5e-5);
  // The attributed prices give the bill back, to the closing error of D5.
  const PhaseTime phases = phases_by_nodes(608e9 / 86'400, 73.7e3, 168e9 / 86'400, 14.8e3, 226.75);
  const SplitCost split = split_cost(day, phases);
  EXPECT_EQ(split.input + split.output, day);
  EXPECT_NEAR(*usd_per_mtok(split.input, 608'000'000'000), 0.0603, 0.0603 * 0.001);
  EXPECT_NEAR(*usd_per_mtok(split.output, 168'000'000'000), 0.3003, 0.3003 * 0.001);
}

}  // namespace
}  // namespace pingjia::harness
