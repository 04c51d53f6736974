#include "adapters/wire/openai_error.h"

#include <gtest/gtest.h>

namespace pingjia::adapters {
namespace {

using harness::FailureClass;

struct Case {
  int status;
  const char* body;
  FailureClass kind;
};

class OpenAiError : public ::testing::TestWithParam<Case> {};

TEST_P(OpenAiError, HasItsClass) {
  const Case& at = GetParam();
  ReplyHead head;
  head.status = at.status;
  const auto failure = openai_failure(head, at.body);
  EXPECT_EQ(failure_name(failure.kind), failure_name(at.kind)) << at.status << " " << at.body;
  EXPECT_FALSE(failure.message.empty());
  EXPECT_EQ(failure.http_status, at.status);
}

INSTANTIATE_TEST_SUITE_P(
    Statuses, OpenAiError,
    ::testing::Values(
        Case{400, "bad", FailureClass::kBadRequest}, Case{401, "", FailureClass::kAuth},
        Case{402, "", FailureClass::kQuotaExhausted}, Case{403, "", FailureClass::kPermission},
        Case{404, "", FailureClass::kNotFound}, Case{408, "", FailureClass::kServer},
        Case{413, "", FailureClass::kBadRequest},
        Case{422, R"({"detail":[{"loc":["body"],"msg":"field required"}]})",
             FailureClass::kBadRequest},
        Case{429, "", FailureClass::kRateLimit}, Case{498, "", FailureClass::kOverloaded},
        Case{500, "", FailureClass::kServer}, Case{502, "", FailureClass::kServer},
        Case{503, "", FailureClass::kOverloaded}, Case{504, "", FailureClass::kServer},
        Case{529, "", FailureClass::kOverloaded}));

INSTANTIATE_TEST_SUITE_P(
    Bodies, OpenAiError,
    ::testing::Values(
        Case{429,
             R"({"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}})",
             FailureClass::kQuotaExhausted},
        Case{429, R"({"error":{"message":"m","type":"exceeded_current_quota_error"}})",
             FailureClass::kQuotaExhausted},
        Case{429, R"({"error":{"message":"m","code":"Throttling.AllocationQuota"}})",
             FailureClass::kQuotaExhausted},
        Case{429, R"({"error":{"message":"m","code":"RateLimitExceeded.EndpointTPMExceeded"}})",
             FailureClass::kRateLimit},
        Case{413, R"({"error":{"message":"Request too large","code":"rate_limit_exceeded"}})",
             FailureClass::kBadRequest},
        Case{400, R"({"error":{"message":"m","code":"context_length_exceeded"}})",
             FailureClass::kContextOverflow},
        Case{
            400,
            R"({"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_prompt_tokens":9,"n_ctx":8}})",
            FailureClass::kContextOverflow},
        Case{
            400,
            R"({"object":"error","message":"This model's maximum context length is 8 tokens.","type":"BadRequestError","code":400})",
            FailureClass::kContextOverflow},
        Case{400, R"({"error":{"message":"m","code":"content_filter"}})",
             FailureClass::kContentFilter},
        Case{400, R"({"error":{"message":"m","code":"data_inspection_failed"}})",
             FailureClass::kContentFilter},
        Case{400, R"({"error":"Incorrect API key provided: xx","code":"x"})", FailureClass::kAuth},
        Case{400, R"({"error":{"message":"m","code":"model_not_found"}})", FailureClass::kNotFound},
        Case{404, R"({"error":{"code":"DeploymentNotFound","message":"m"}})",
             FailureClass::kNotFound},
        Case{501, R"({"error":{"message":"m","type":"not_supported_error"}})",
             FailureClass::kUnsupported},
        Case{424, R"({"error":"Inference failed","error_type":"overloaded"})",
             FailureClass::kOverloaded},
        Case{200, R"({"error":{"message":"m","code":"401"}})", FailureClass::kAuth},
        Case{200, R"({"error":{"code":502,"message":"m","metadata":{"provider_name":"x"}}})",
             FailureClass::kServer},
        Case{200, R"([{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}])",
             FailureClass::kRateLimit},
        Case{200, R"({"error":{"message":"m","type":"rate_limit_error"}})",
             FailureClass::kRateLimit},
        Case{200, R"({"error":{"message":"m"}})", FailureClass::kServer}));

TEST(OpenAiErrorText, IsTheProvidersAndShort) {
  ReplyHead head;
  head.status = 500;
  EXPECT_EQ(openai_failure(head, R"({"error":{"message":"hello"}})").message, "hello");
  EXPECT_EQ(openai_failure(head, "plain words").message, "plain words");
  std::string message;
  while (message.size() < 5000) message += "\xC3\xA9";
  EXPECT_LE(openai_failure(head, message).message.size(), 2000U);
  head.status = 307;
  head.location = "http://elsewhere/";
  EXPECT_NE(openai_failure(head, "").message.find("http://elsewhere/"), std::string::npos);
}

TEST(RetryAfter, MillisecondsThenSecondsThenDates) {
  ReplyHead head;
  EXPECT_FALSE(retry_after_seconds(head).has_value());
  head.retry_after = "2.5";
  EXPECT_DOUBLE_EQ(*retry_after_seconds(head), 2.5);
  head.retry_after_ms = "1500";
  EXPECT_DOUBLE_EQ(*retry_after_seconds(head), 1.5);
  head = {};
  head.retry_after = "Wed, 25 Nov 2026 14:00:30 GMT";
  EXPECT_FALSE(retry_after_seconds(head).has_value()) << "without the server's clock";
  head.date = "Wed, 25 Nov 2026 14:00:00 GMT";
  EXPECT_DOUBLE_EQ(*retry_after_seconds(head), 30);
  head.retry_after = "Wed, 25 Nov 2026 13:00:00 GMT";
  EXPECT_DOUBLE_EQ(*retry_after_seconds(head), 0);
  head.retry_after = "soon";
  EXPECT_FALSE(retry_after_seconds(head).has_value());
}

}  // namespace
}  // namespace pingjia::adapters
