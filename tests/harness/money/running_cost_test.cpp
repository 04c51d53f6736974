#include "harness/money/running_cost.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace pingjia::harness {
namespace {

Record answered(Nanos sent, Nanos done) {
  Record record;
  record.completion.timeline.sent = sent;
  record.completion.timeline.done = done;
  record.completion.usage.input = 100;
  record.completion.usage.output = 10;
  return record;
}

TEST(RunningCost, EndsAtTheCostOfTheSystem) {
  const std::vector<Record> records{answered(kSecond, 3 * kSecond),
                                    answered(2 * kSecond, 9 * kSecond),
                                    answered(4 * kSecond, 5 * kSecond)};
  std::vector<const Record*> pointers;
  for (const auto& record : records) pointers.push_back(&record);
  const PriceRow row = price_row_from_json({{"input", "1"}, {"output", "2"}}, "p");
  const Hardware box{"box", parse_usd("3.60", "t"), 2, 0, "", ""};
  for (const Pricing& pricing : {Pricing(ApiPricing{row}), Pricing(MachinePricing{box})}) {
    RunningCost running(pricing);
    for (const auto& record : records) running.add(record);
    Money sum;
    for (const auto& cost : cost_of_system(pointers, pricing).attempts) sum += cost.total();
    EXPECT_EQ(usd_text(running.total()), usd_text(sum));
    EXPECT_TRUE(sum > Money());
    EXPECT_EQ(running.unknown(), 0);
  }
}

TEST(RunningCost, CountsWhatNobodyKnows) {
  RunningCost running(UnknownPricing{"?"});
  running.add(answered(1, 2));
  EXPECT_EQ(running.unknown(), 1);
  EXPECT_TRUE(running.total() == Money());
}

}  // namespace
}  // namespace pingjia::harness
