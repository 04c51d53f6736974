#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/openai.h"
#include "harness/base/epoll_loop.h"
#include "tests/adapters/answers.h"
#include "tests/adapters/scripted_server.h"

namespace pingjia::adapters {

inline constexpr const char* kKey = "sk-planted-0123456789";

inline const std::string kEvents =
    R"(data: {"id":"1","model":"tiny-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]})"
    "\n\n"
    R"(data: {"choices":[{"index":0,"delta":{"content":"For"},"finish_reason":null}]})"
    "\n\n"
    R"(data: {"choices":[{"index":0,"delta":{"content":"ty \u00e9"},"finish_reason":null}]})"
    "\n\n"
    R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
    "\n\n"
    R"(data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":4}}})"
    "\n\n"
    "data: [DONE]\n\n";

/// The adapter on the real loop, against a server that a test scripts.
class OpenAiTest : public ::testing::Test {
 protected:
  harness::AdapterContext context() {
    return {loop,
            [this](const std::string& name) -> std::optional<std::string> {
              const auto found = environment.find(name);
              if (found == environment.end()) return std::nullopt;
              return found->second;
            },
            "run.json: systems[0].options",
            ".",
            ".",
            ".",
            "api"};
  }

  void open(const std::string& url, nlohmann::json more = nlohmann::json::object(),
            int connections = 1) {
    nlohmann::json options{
        {"base_url", url + "/v1"}, {"model", "tiny"}, {"api_key_env", "TEST_KEY"}};
    options.update(more);
    environment["TEST_KEY"] = kKey;
    adapter = make_openai(options, context());
    facts = adapter->open(connections);
  }

  static harness::Request question(const std::string& id) {
    harness::Request request;
    request.id = id;
    request.messages = {{"user", "What is 6*7?"}};
    request.sampling.max_tokens = 16;
    request.timeout = 20 * harness::kSecond;
    return request;
  }

  harness::Completion answer_to(const harness::Request& request) {
    adapter->submit(request, answers);
    EXPECT_FALSE(answers.by_id.contains(request.id)) << "answered inside submit";
    wait(answers.by_id.size() + 1);
    return answers.by_id[request.id];
  }

  void wait(std::size_t count) {
    const auto deadline = loop.now() + 30 * harness::kSecond;
    while (answers.by_id.size() < count && loop.now() < deadline) {
      if (!loop.turn(deadline)) break;
    }
    ASSERT_EQ(answers.by_id.size(), count);
  }

  harness::Completion ask(const Script& script, nlohmann::json more = nlohmann::json::object()) {
    ScriptedServer server([&script](const SeenRequest&) { return script; });
    open(server.url(), more);
    answers.by_id.clear();
    harness::Completion completion = answer_to(question("q"));
    adapter->close();
    return completion;
  }

  void expect_failure(const Script& script, harness::FailureClass kind,
                      nlohmann::json more = nlohmann::json::object()) {
    const harness::Completion completion = ask(script, more);
    ASSERT_TRUE(completion.failure.has_value());
    EXPECT_EQ(failure_name(completion.failure->kind), failure_name(kind))
        << completion.failure->message;
    EXPECT_FALSE(completion.failure->message.empty());
    EXPECT_EQ(completion.failure->message.find(kKey), std::string::npos);
  }

  harness::EpollLoop loop;
  std::map<std::string, std::string> environment;
  Answers answers;
  harness::Facts facts;
  std::unique_ptr<harness::Adapter> adapter;
};

/// The answer that kEvents spell.
inline void expect_forty(const harness::Completion& completion) {
  EXPECT_FALSE(completion.failure.has_value()) << completion.failure->message;
  EXPECT_EQ(completion.text, "Forty é");
  EXPECT_EQ(completion.finish, harness::Finish::kStop);
  EXPECT_EQ(completion.model, "tiny-1");
  EXPECT_EQ(completion.usage.input, 5);
  EXPECT_EQ(completion.usage.cache_read, 4);
  EXPECT_EQ(completion.usage.output, 3);
  EXPECT_EQ(completion.usage.maker, "server");
}

}  // namespace pingjia::adapters
