#include <gtest/gtest.h>

#include <map>
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
        BadOptions{R"({"base_url":"http://host/v1?api_key=sk-1","model":"m"})", "base_url holds"},
        BadOptions{R"({"base_url":"http://host/v1?a=1&Token=t","model":"m"})", "api_key_env"},
        BadOptions{R"({"base_url":"http://host","model":"m","probe":"/m?key=k"})", "probe holds"},
        BadOptions{R"({"base_url":"http://host","model":"m","headers":{"x-CREDENTIAL":"c"}})",
                   "looks like a secret"},
        BadOptions{R"({"model":"m"})", "base_url"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","model":"m","api_key_env":"NO_SUCH"})",
                   "NO_SUCH"},
        BadOptions{
            R"({"base_url":"http://127.0.0.1:1","model":"m","headers":{"X-Api-Key":"secret"}})",
            "$VARIABLE"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","model":"m","headers":{"X-Org":"$NO_ORG"}})",
                   "NO_ORG"},
        BadOptions{R"({"base_url":"http://127.0.0.1:1","model":"m","extra_body":3})", "object"}));

TEST(OpenAiProxy, ComesFromTheEnvironmentWithItsExceptions) {
  harness::EpollLoop loop;
  std::map<std::string, std::string> variables{{"HTTP_PROXY", "http://cgi:1"},
                                               {"https_proxy", "http://proxy:3128"},
                                               {"no_proxy", "inside.example,10.0.0.0/8"}};
  const harness::AdapterContext context{
      loop,
      [&variables](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
      },
      "test",
      ".",
      ".",
      ".",
      "api"};
  const auto secure =
      read_openai_options(json{{"base_url", "https://h/v1"}, {"model", "m"}}, context);
  EXPECT_EQ(secure.proxy, "http://proxy:3128");
  EXPECT_EQ(secure.no_proxy, "inside.example,10.0.0.0/8");
  const json plain{{"base_url", "http://h/v1"}, {"model", "m"}};
  EXPECT_EQ(read_openai_options(plain, context).proxy, "");
  variables["ALL_PROXY"] = "http://all:1";
  EXPECT_EQ(read_openai_options(plain, context).proxy, "http://all:1");
}

TEST(UrlUnder, KeepsTheQueryAtTheEnd) {
  EXPECT_EQ(url_under("http://h/v1/", "/chat/completions"), "http://h/v1/chat/completions");
  EXPECT_EQ(url_under("https://h/openai?api-version=1", "/models"),
            "https://h/openai/models?api-version=1");
}

}  // namespace
}  // namespace pingjia::adapters
