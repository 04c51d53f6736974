#include "harness/money/training.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

Assumptions given(std::initializer_list<std::pair<const char*, const char*>> inputs) {
  Assumptions assumptions(training_kinds());
  for (const auto& [key, text] : inputs) assumptions.set(key, text, "", "", "test");
  return assumptions;
}

// T1, T2, T3: DeepSeek-V3, arXiv 2412.19437, table 1: 2664K, 119K and 5K H800-hours at $2.
TEST(TrainingCost, OfDeepSeekV3) {
  const auto stages = parse_stages("pretraining=2664k,context=119k,post-training=5k", "test");
  ASSERT_EQ(stages.size(), 3U);
  EXPECT_EQ(stages[1].name, "context");
  const TrainingCost cost = training_cost(given({{"gpu-hours", "2788k"},
                                                 {"gpu-hour", "2"},
                                                 {"life", "3"},
                                                 {"active-params", "37B"},
                                                 {"tokens", "14.8T"},
                                                 {"peak-tflops", "989.5"}}),
                                          stages);
  EXPECT_NEAR(stages[0].gpu_hours * 2, 5.328e6, 1e-6);
  EXPECT_NEAR(stages[1].gpu_hours * 2, 0.238e6, 1e-6);
  EXPECT_NEAR(stages[2].gpu_hours * 2, 0.010e6, 1e-6);
  EXPECT_NEAR(cost.total_usd, 5.576e6, 1e-6);
  EXPECT_NEAR(cost.monthly_usd, 1.859e6, 500);
  EXPECT_NEAR(monthly_profit_needed(cost.total_usd, 6), 0.929e6, 500);
  EXPECT_NEAR(cost.flops_per_gpu.value() / 1e12, 342.6, 0.05);
  EXPECT_NEAR(cost.mfu.value(), 0.346, 5e-4);
  EXPECT_FALSE(cost.energy_kwh);
}

// T4: Llama 3.1 405B, llama-models models/llama3_1/MODEL_CARD.md: 30.84M H100-hours at 700 W, 8,930
// t of CO2 by location; 8B and 70B sum to the card's total.
TEST(TrainingCost, OfLlama405B) {
  const TrainingCost cost = training_cost(given({{"gpu-hours", "30.84M"},
                                                 {"gpu-hour", "2"},
                                                 {"watts", "700"},
                                                 {"published-cost", "73.42M"}}),
                                          {});
  EXPECT_NEAR(cost.energy_kwh.value() / 1e6, 21.588, 1e-9);
  EXPECT_NEAR(8930e3 / *cost.energy_kwh, 0.4137, 5e-5);
  EXPECT_NEAR(1.46 + 7.0 + 30.84, 39.3, 1e-9);
  EXPECT_EQ(420 + 2040 + 8930, 11'390);
  // T6: Epoch's $73.42M over the card's hours; $61.68M at $2.
  EXPECT_NEAR(cost.published_usd_per_gpu_hour.value(), 2.38, 5e-3);
  EXPECT_NEAR(cost.total_usd, 61.68e6, 1);
}

// T5: Epoch's amortised hour of an H100 bought for $31,904.63 with its share of a server
// (2025-01-31).
TEST(AmortisedHour, OfEpochsH100) {
  const AmortisedHour hour = amortised_hour({31'904.63, 700});
  EXPECT_NEAR(hour.card_usd, 1.1733, 5e-5);
  EXPECT_NEAR(hour.interconnect_usd, 0.2752, 5e-5);
  EXPECT_NEAR(hour.energy_usd, 0.0987, 5e-5);
  EXPECT_NEAR(hour.total(), 1.547, 5e-4);
  const TrainingCost cost =
      training_cost(given({{"gpu-hours", "1000"}, {"purchase", "31904.63"}, {"watts", "700"}}), {});
  EXPECT_NEAR(cost.usd_per_gpu_hour, 1.547, 5e-4);
  EXPECT_TRUE(cost.amortised);
}

TEST(TrainingFlops, InvertsItself) {
  const double hours = training_gpu_hours(37e9, 14.8e12, 989.5e12, 0.3462);
  EXPECT_NEAR(achieved_flops(37e9, 14.8e12, hours), 0.3462 * 989.5e12, 1);
  EXPECT_NEAR(hours, 2.664e6, 2e3);
}

TEST(TrainingCost, CountsResearch) {
  const TrainingCost cost =
      training_cost(given({{"gpu-hours", "100"}, {"gpu-hour", "2"}, {"research", "3"}}), {});
  EXPECT_EQ(cost.rented_usd, 200);
  EXPECT_EQ(cost.total_usd, 600);
  EXPECT_NEAR(cost.monthly_usd, 600 / 4.5, 1e-9);
}

TEST(TrainingCost, WantsHoursAndARate) {
  EXPECT_THROW(training_cost(given({{"gpu-hour", "2"}}), {}), Error);
  EXPECT_THROW(training_cost(given({{"gpu-hours", "5"}}), {}), Error);
  EXPECT_THROW(training_cost(given({{"gpu-hours", "5"}, {"purchase", "5"}}), {}), Error);
  for (const char* wrong : {"", "x", "a=", "=5", "5,,6", "a=-5", "0"}) {
    EXPECT_THROW(parse_stages(wrong, "test"), Error) << wrong;
  }
}

}  // namespace
}  // namespace pingjia::harness
