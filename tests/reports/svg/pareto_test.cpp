#include "reports/svg/pareto.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

using Front = std::vector<bool>;

TEST(Pareto, KeepsWhatNothingBeats) {
  EXPECT_EQ(pareto_front({{1, 0.5}, {2, 0.8}, {3, 0.7}, {4, 0.9}}),
            (Front{true, true, false, true}));
}

TEST(Pareto, EqualOffersDoNotBeatEachOther) {
  EXPECT_EQ(pareto_front({{1, 0.5}, {1, 0.5}}), (Front{true, true}));
}

TEST(Pareto, SamePriceTheBetterWins) {
  EXPECT_EQ(pareto_front({{1, 0.5}, {1, 0.6}}), (Front{false, true}));
}

}  // namespace
}  // namespace pingjia::reports
