// The managed server with the real thing: llama-server on loopback, serving a model that is known
// by heart.

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/server.h"
#include "harness/base/epoll_loop.h"
#include "tests/oracle_gguf.h"

namespace pingjia::adapters {
namespace {

namespace fs = std::filesystem;
using harness::Completion;
using harness::FailureClass;
using harness::Finish;
using nlohmann::json;

class Answers final : public harness::Sink {
 public:
  void complete(const std::string& request_id, Completion completion) override {
    EXPECT_TRUE(by_id.emplace(request_id, std::move(completion)).second);
  }
  std::map<std::string, Completion> by_id;
};

class LlamaServer : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(fs::path(PINGJIA_PROGRAMS_DIR) / "llama-server")) {
      GTEST_SKIP() << "SKIPPED: llama-server was not built (PINGJIA_LLAMA is off)";
    }
    fs::create_directories(folder);
    tests::OracleTable table;
    table.answer(tests::kAssistantToken, "42");
    tests::write_oracle_gguf(folder / "oracle.gguf", table);
    const harness::AdapterContext context{
        loop,
        [](const std::string&) -> std::optional<std::string> { return std::nullopt; },
        "test",
        folder,
        PINGJIA_PROGRAMS_DIR,
        folder / "logs",
        "oracle"};
    adapter = make_server({{"recipe", "llama-server"},
                           {"model", "oracle.gguf"},
                           {"threads", 1},
                           {"parallel", 2},
                           {"context", 256}},
                          context);
    facts = adapter->open(2);
  }
  ~LlamaServer() override { fs::remove_all(folder); }

  static harness::Request question(const std::string& id, const std::string& text) {
    harness::Request request;
    request.id = id;
    request.messages = {{"user", text}};
    request.sampling.max_tokens = 8;
    request.timeout = 60 * harness::kSecond;
    return request;
  }

  Completion ask(const harness::Request& request) {
    adapter->submit(request, answers);
    const auto deadline = loop.now() + 90 * harness::kSecond;
    while (!answers.by_id.contains(request.id) && loop.now() < deadline) loop.turn(deadline);
    return answers.by_id[request.id];
  }

  fs::path folder = fs::temp_directory_path() / ("pingjia_llama." + std::to_string(getpid()));
  harness::EpollLoop loop;
  Answers answers;
  harness::Facts facts;
  std::unique_ptr<harness::Adapter> adapter;
};

TEST_F(LlamaServer, AnswersStreamsCountsAndEnds) {
  EXPECT_EQ(facts.engine, "llama-server");
  EXPECT_FALSE(facts.engine_version.empty());
  const json details = json::parse(facts.details);
  EXPECT_EQ(details["total_slots"], 2);
  EXPECT_EQ(details["context_of_slot"], 256);

  const Completion whole = ask(question("a", "6*7="));
  ASSERT_FALSE(whole.failure) << whole.failure->message;
  EXPECT_EQ(whole.text, "42");
  EXPECT_EQ(whole.finish, Finish::kStop);
  EXPECT_TRUE(whole.reused_connection);
  EXPECT_EQ(whole.usage.maker, "server");
  EXPECT_GT(whole.usage.total_input().value_or(0), 0);
  EXPECT_GT(whole.usage.total_output().value_or(0), 0);
  EXPECT_EQ(whole.server.maker, "llama-server timings");
  EXPECT_FALSE(whole.server.additive);
  EXPECT_TRUE(whole.notes.empty());

  harness::Request short_answer = question("b", "6*7=");
  short_answer.sampling.max_tokens = 1;
  const Completion cut = ask(short_answer);
  EXPECT_EQ(cut.text, "4");
  EXPECT_EQ(cut.finish, Finish::kLength);

  const Completion overflow = ask(question("c", std::string(2000, 'x')));
  ASSERT_TRUE(overflow.failure);
  EXPECT_EQ(failure_name(overflow.failure->kind), "context_overflow");

  const harness::Closing closing = adapter->close();
  EXPECT_GT(closing.cpu_seconds.value_or(0), 0);
  EXPECT_GT(json::parse(closing.details)["metrics"]["llamacpp:tokens_predicted_total"], 0);
}

}  // namespace
}  // namespace pingjia::adapters
