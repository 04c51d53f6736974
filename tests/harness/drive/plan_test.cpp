#include "harness/drive/plan.h"

#include <gtest/gtest.h>

#include <set>

namespace pingjia::harness {
namespace {

Suite suite_of(std::size_t count) {
  Suite suite;
  suite.name = "s";
  for (std::size_t i = 0; i < count; ++i) {
    suite.samples.push_back({"q" + std::to_string(i), "1+1=", "2", {}, ""});
  }
  Protocol protocol;
  protocol.name = "p";
  suite.protocols.push_back(protocol);
  return suite;
}

Plan plan_of(const Suite& suite, const PlanOptions& options, const std::string& system = "a") {
  return make_plan(system, suite, suite.protocols[0], options);
}

TEST(Plan, EverySystemIsAskedTheSame) {
  const Suite suite = suite_of(50);
  PlanOptions options;
  options.limit = 10;
  options.load.mode = LoadMode::kPoisson;
  options.load.rate = 5;
  const Plan a = plan_of(suite, options, "a");
  const Plan b = plan_of(suite, options, "b");
  ASSERT_EQ(a.requests.size(), 10U);
  for (std::size_t i = 0; i < a.requests.size(); ++i) {
    EXPECT_EQ(a.requests[i].key.sample, b.requests[i].key.sample);
    EXPECT_EQ(a.requests[i].request.sampling.seed, b.requests[i].request.sampling.seed);
    EXPECT_EQ(a.requests[i].due, b.requests[i].due);
  }
}

TEST(Plan, AnotherSeedChoosesAnotherSubset) {
  const Suite suite = suite_of(500);
  PlanOptions options;
  options.limit = 20;
  std::set<std::string> chosen;
  for (const auto& request : plan_of(suite, options).requests) chosen.insert(request.key.sample);
  options.seed = 2;
  int shared = 0;
  for (const auto& request : plan_of(suite, options).requests) {
    shared += chosen.contains(request.key.sample) ? 1 : 0;
  }
  EXPECT_LT(shared, 10);
}

TEST(Plan, TheSubsetKeepsTheSuitesOrder) {
  PlanOptions options;
  options.limit = 7;
  int before = -1;
  for (const auto& request : plan_of(suite_of(100), options).requests) {
    const int at = std::stoi(request.key.sample.substr(1));
    EXPECT_GT(at, before);
    before = at;
  }
}

TEST(Plan, RepeatsHaveTheirOwnSeeds) {
  PlanOptions options;
  options.repeats = 3;
  const Plan plan = plan_of(suite_of(4), options);
  ASSERT_EQ(plan.requests.size(), 12U);
  std::set<std::uint64_t> seeds;
  std::set<std::string> ids;
  for (const auto& request : plan.requests) {
    seeds.insert(request.request.sampling.seed);
    ids.insert(request_id(request.key));
    EXPECT_LT(request.request.sampling.seed, 1ULL << 31);
  }
  EXPECT_EQ(seeds.size(), 12U);
  EXPECT_EQ(ids.size(), 12U);
}

TEST(Plan, AClosedLoopHasNoDueTimes) {
  for (const auto& request : plan_of(suite_of(3), {}).requests) EXPECT_FALSE(request.due);
}

TEST(Plan, ConstantArrivalsAreEven) {
  PlanOptions options;
  options.load.mode = LoadMode::kConstant;
  options.load.rate = 4;
  const Plan plan = plan_of(suite_of(5), options);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(*plan.requests[i].due, static_cast<Nanos>(i) * 250 * kMillisecond);
  }
}

TEST(Plan, PoissonArrivalsHaveTheirRate) {
  PlanOptions options;
  options.load.mode = LoadMode::kPoisson;
  options.load.rate = 100;
  const Plan plan = plan_of(suite_of(20'000), options);
  // 20,000 arrivals: the rate is known to about 0.7 %.
  EXPECT_NEAR(20'000 / seconds(*plan.requests.back().due), 100, 3);
}

}  // namespace
}  // namespace pingjia::harness
