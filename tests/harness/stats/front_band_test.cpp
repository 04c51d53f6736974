#include "harness/stats/front_band.h"

#include <gtest/gtest.h>

namespace pingjia::harness {
namespace {

UncertainOffer offer(const std::string& name, double price, double quality, double half) {
  return {name, price, 0.9 * price, 1.1 * price, quality, quality - half, quality + half};
}

TEST(FrontBand, OfOneOfferIsItsInterval) {
  const UncertainOffer one{"a", 2, {}, {}, 0.7, 0.6, 0.85};
  const double prices[] = {1, 2, 3};
  const auto band = front_band({&one, 1}, prices, 1, 20'000);
  EXPECT_FALSE(band[0].low);
  EXPECT_FALSE(band[0].high);
  EXPECT_NEAR(*band[1].low, 0.6, 0.004);
  EXPECT_NEAR(*band[1].high, 0.85, 0.004);
  EXPECT_EQ(*band[2].low, *band[1].low);  // The staircase is flat where nothing else is for sale.
}

TEST(FrontBand, WithoutIntervalsIsTheStaircase) {
  const UncertainOffer two[] = {{"a", 1, {}, {}, 0.5, {}, {}}, {"b", 3, {}, {}, 0.8, {}, {}}};
  const double prices[] = {1, 2.9, 3};
  const auto band = front_band(two, prices, 1);
  EXPECT_EQ(*band[0].low, 0.5);
  EXPECT_EQ(*band[1].high, 0.5);
  EXPECT_EQ(*band[2].low, 0.8);
  EXPECT_EQ(*band[2].high, 0.8);
}

TEST(FrontBand, AnUncertainPriceMayOrMayNotBeReached) {
  const auto one = offer("a", 1, 0.7, 0.05);
  const double prices[] = {0.5, 1, 1.5};
  const auto band = front_band({&one, 1}, prices, 1);
  EXPECT_FALSE(band[0].high);
  EXPECT_FALSE(band[1].low);  // In half of the draws it costs more.
  EXPECT_TRUE(band[1].high);
  EXPECT_TRUE(band[2].low);
}

// P(max of two) = P(one)^2: the 2.5th percentile of the better of two equals is each one's
// 15.8th, one standard error under the middle.
TEST(FrontBand, TheBetterOfTwoEqualsStandsHigher) {
  const UncertainOffer two[] = {{"a", 1, {}, {}, 0.5, 0.304, 0.696},
                                {"b", 1, {}, {}, 0.5, 0.304, 0.696}};
  const double prices[] = {1};
  const auto band = front_band(two, prices, 1, 40'000);
  EXPECT_NEAR(*band[0].low, 0.4, 0.003);
  EXPECT_NEAR(*band[0].high, 0.5 + 0.1 * 2.2365, 0.005);
}

TEST(FrontBand, IsSeededByName) {
  const UncertainOffer apart[] = {offer("a", 1, 0.5, 0.1), offer("b", 50, 0.8, 0.1)};
  const double prices[] = {2, 100};
  const auto first = front_band(apart, prices, 7);
  EXPECT_EQ(*first[1].low, *front_band(apart, prices, 7)[1].low);
  EXPECT_NE(*first[1].low, *front_band(apart, prices, 8)[1].low);
  // Another offer beside it, out of its reach, changes no draw of the first.
  EXPECT_EQ(*first[0].low, *front_band({apart, 1}, prices, 7)[0].low);
}

TEST(FrontBand, ALowerBoundOfZeroHasNoLogarithm) {
  const UncertainOffer one{"a", 2, 0.0, 8.0, 0.7, 0.6, 0.8};
  const double prices[] = {0.4, 9};
  const auto band = front_band({&one, 1}, prices, 1);
  EXPECT_FALSE(band[0].high);
  EXPECT_TRUE(band[1].low);
}

}  // namespace
}  // namespace pingjia::harness
