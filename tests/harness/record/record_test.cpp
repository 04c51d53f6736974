#include "harness/record/record.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

Record full_record() {
  Record record;
  record.key = {"dense", "arithmetic/generate", "a1", 2, 1};
  record.session = 3;
  record.last_attempt = false;
  record.request.messages = {{"user", "1+1="}};
  record.request.sampling = {12, 0.5, 0.9, 40, 7, {"\n"}};
  Completion& completion = record.completion;
  completion.text = "2";
  completion.reasoning = "one and one";
  completion.finish = Finish::kStop;
  completion.finish_raw = "stop";
  completion.usage = {5, 2, std::nullopt, std::nullopt, 1, 0, "server", R"({"prompt_tokens":7})"};
  completion.usage.input_audio = 3;
  completion.usage.adds_up = false;
  completion.usage.reported_usd = "0.00014";
  completion.service_tier = "flex";
  completion.timeline = {100, 110, 120, 121, 130, 130, 150, 160, {{130, 1}, {150, 2}}};
  completion.server = {0.1, 0.2, 0.3, "server", true};
  completion.failure = Failure{FailureClass::kRateLimit, 429, "slow down", 1.5};
  completion.model = "tiny";
  completion.reused_connection = true;
  return record;
}

TEST(Record, ReadsBackWhatItWrote) {
  const Record record = full_record();
  const auto line = to_json(record);
  const Record back = record_from_json(line, "line 2");
  EXPECT_EQ(to_json(back), line);
  EXPECT_EQ(back.key, record.key);
  EXPECT_EQ(back.completion.timeline.arrivals[1].at, 150);
  EXPECT_EQ(back.completion.timeline.arrivals[1].events, 2);
  EXPECT_EQ(back.completion.failure->kind, FailureClass::kRateLimit);
  EXPECT_EQ(*back.completion.usage.total_input(), 10);
  EXPECT_EQ(back.completion.service_tier, "flex");
  EXPECT_FALSE(back.completion.usage.adds_up);
  EXPECT_FALSE(back.completion.usage.cache_write_5m);
  EXPECT_EQ(back.request.id, "dense|arithmetic/generate|a1|2|1");
}

TEST(Record, BrokenTextBecomesValidUtf8) {
  Record record = full_record();
  record.completion.text = "a\xff\xe4\xbd z";
  const auto line = to_json(record);
  EXPECT_EQ(line["completion"]["text"], "a\xEF\xBF\xBD\xEF\xBF\xBD z");
  EXPECT_NO_THROW(line.dump());
}

TEST(Record, AnImpossibleContinuationIsStillANumber) {
  Record record = full_record();
  record.request.mode = Mode::kLoglikelihood;
  record.request.continuations = {"A"};
  record.completion.scores = {{-INFINITY, 1, 1, false}};
  const auto line = nlohmann::json::parse(to_json(record).dump());
  EXPECT_LT(record_from_json(line, "line").completion.scores[0].loglikelihood, -1e300);
}

TEST(Record, AnotherShapeIsRefusedWithItsPlace) {
  try {
    record_from_json({{"type", "attempt"}}, "records.jsonl line 7");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()).rfind("records.jsonl line 7: not a record", 0), 0U);
  }
}

TEST(Completion, EveryFailureHasANameThatReadsBack) {
  for (int i = 0; i <= static_cast<int>(FailureClass::kCancelled); ++i) {
    const auto kind = static_cast<FailureClass>(i);
    EXPECT_EQ(failure_class(failure_name(kind)), kind);
  }
  EXPECT_FALSE(failure_class("nonsense"));
  EXPECT_EQ(finish_of("nonsense"), Finish::kUnknown);
}

TEST(Usage, UnknownInputMakesAnUnknownTotal) {
  Usage usage;
  usage.cache_read = 5;
  EXPECT_FALSE(usage.total_input());
  EXPECT_FALSE(usage.total_output());
}

}  // namespace
}  // namespace pingjia::harness
