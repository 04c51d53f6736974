#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/openai.h"
#include "harness/base/epoll_loop.h"
#include "harness/base/error.h"

namespace pingjia::adapters {
namespace {

using nlohmann::json;

struct BadOptions {
  const char* options;
  const char* expected;
};

class OpenAiOptions : public ::testing::TestWithParam<BadOptions> {};

TEST_P(OpenAiOptions, AreRefusedInOneLineThatSaysWhat) {
  try {
    harness::EpollLoop loop;
    const harness::AdapterContext context{loop,
                                          [](const std::string&) { return std::nullopt; },
                                          "run.json: systems[0].options",
                                          ".",
                                          ".",
                                          ".",
                                          "api"};
    read_openai_options(json::parse(GetParam().options), context);
    FAIL() << "accepted " << GetParam().options;
  } catch (const harness::Error& error) {
    EXPECT_NE(std::string(error.what()).find(GetParam().expected), std::string::npos)
        << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Wrong, OpenAiOptions,
    ::testing::Values(
        BadOptions{R"({"provider":"opnai","model":"m"})", "'openai'"},
        BadOptions{R"({"provider":"openai","model":"m"})", "OPENAI_API_KEY is not set"},
        BadOptions{R"({"provider":"openai"})", "model"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","modle":"m"})", "model"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","model":"m","strem":true})", "stream"},
        BadOptions{R"({"base_url":"ftp://127.0.0.1","model":"m"})", "http"},
        BadOptions{R"({"base_url":"http://user:pw@host/v1","model":"m"})", "password"},
        BadOptions{R"({"model":"m"})", "base_url"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","model":"m","api_key_env":"NO_SUCH"})",
                   "NO_SUCH"},
        BadOptions{
            R"({"base_url":"http://127.0.0.1:1","model":"m","headers":{"X-Api-Key":"secret"}})",
            "$VARIABLE"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","model":"m","headers":{"X-Org":"$NO_ORG"}})",
                   "NO_ORG"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","model":"m","extra_body":3})", "object"}));

TEST(UrlUnder, KeepsTheQueryAtTheEnd) {
  EXPECT_EQ(url_under("http://h/v1/", "/chat/completions"), "http://h/v1/chat/completions");
  EXPECT_EQ(url_under("https://h/openai?api-version=1", "/models"),
            "https://h/openai/models?api-version=1");
}

}  // namespace
}  // namespace pingjia::adapters
