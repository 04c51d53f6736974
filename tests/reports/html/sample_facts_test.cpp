#include "reports/html/sample_facts.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace pingjia::reports {
namespace {

using nlohmann::json;

json facts_of(const harness::Record& record) {
  std::string out;
  append_sample_facts(out, record);
  return json::parse(out);
}

TEST(SampleFacts, SaysWhatWasSentAndWhatCameBack) {
  harness::Record record;
  record.request.sampling.max_tokens = 77;
  record.request.sampling.temperature = 0.6;
  record.request.sampling.seed = 18'446'744'073'709'551'615U;
  record.request.sampling.stop = {"\n\n", "\"</s>\""};
  auto& completion = record.completion;
  completion.model = "model-2026";
  completion.finish = harness::Finish::kLength;
  completion.usage.input = 12;
  completion.usage.reasoning = 0;
  completion.usage.raw = R"({"prompt_tokens": 12})";
  completion.timeline.due = 5'000'000'000;
  completion.timeline.sent = 5'000'250'000;
  completion.timeline.done = 6'500'000'000;
  completion.timeline.first_token = 5'012'345'678;
  const json facts = facts_of(record);
  EXPECT_EQ(facts["request"]["max_tokens"], 77);
  EXPECT_EQ(facts["request"]["temperature"], 0.6);
  EXPECT_EQ(facts["request"]["seed"], 18'446'744'073'709'551'615U);
  EXPECT_EQ(facts["request"]["stop"], json({"\n\n", "\"</s>\""}));
  const json& response = facts["response"];
  EXPECT_EQ(response["model"], "model-2026");
  EXPECT_EQ(response["finish"], "length");
  EXPECT_EQ(response["usage"]["input"], 12);
  EXPECT_EQ(response["usage"]["reasoning"], 0);
  EXPECT_EQ(response["usage"]["raw"], R"({"prompt_tokens": 12})");
  EXPECT_FALSE(response["usage"].contains("output"));
  EXPECT_EQ(response["ms_since_due"]["sent"], 0.25);
  EXPECT_EQ(response["ms_since_due"]["first_token"], 12.346);
  EXPECT_EQ(response["ms_since_due"]["done"], 1500);
  EXPECT_FALSE(response.contains("failure"));
}

TEST(SampleFacts, AFailureKeepsTheProvidersWordsVisible) {
  harness::Record record;
  record.completion.failure =
      harness::Failure{harness::FailureClass::kRateLimit, 429, "slow \x1b[31m down\xFF",
                       std::numeric_limits<double>::infinity()};
  const json failure = facts_of(record)["response"]["failure"];
  EXPECT_EQ(failure["class"], "rate_limit");
  EXPECT_EQ(failure["http_status"], 429);
  EXPECT_EQ(failure["message"], "slow ␛[31m down\xEF\xBF\xBD");
  EXPECT_FALSE(failure.contains("retry_after_s"));
}

TEST(SampleFacts, LogLikelihoodRequestsHaveNoSampling) {
  harness::Record record;
  record.request.mode = harness::Mode::kLoglikelihood;
  const json request = facts_of(record)["request"];
  EXPECT_EQ(request, json({{"attempt", 1}, {"mode", "loglikelihood"}}));
}

}  // namespace
}  // namespace pingjia::reports
