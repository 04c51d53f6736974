#include "adapters/server.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/free_port.h"
#include "harness/base/epoll_loop.h"
#include "harness/base/error.h"
#include "harness/base/sha256.h"

namespace pingjia::adapters {
namespace {

using harness::Completion;
using harness::FailureClass;
using nlohmann::json;

class Answers final : public harness::Sink {
 public:
  void complete(const std::string& request_id, Completion completion) override {
    EXPECT_TRUE(by_id.emplace(request_id, std::move(completion)).second)
        << "second answer for " << request_id;
  }
  std::map<std::string, Completion> by_id;
};

class ServerTest : public ::testing::Test {
 protected:
  ServerTest()
      : folder(std::filesystem::temp_directory_path() /
               ("pingjia_server_test." + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder);
  }
  ~ServerTest() override { std::filesystem::remove_all(folder); }

  harness::AdapterContext context() {
    return {loop,
            [this](const std::string& name) -> std::optional<std::string> {
              const auto found = environment.find(name);
              if (found == environment.end()) return std::nullopt;
              return found->second;
            },
            "run.json: systems[0].options",
            folder,
            PINGJIA_PROGRAMS_DIR,
            folder / "logs",
            "fake"};
  }

  json options(const std::string& mode, const json& more = json::object()) {
    std::ofstream(folder / "model.gguf") << mode << "\n";
    json all{{"recipe", "llama-server"},
             {"model", "model.gguf"},
             {"program", std::string(PINGJIA_PROGRAMS_DIR) + "/fake_engine"},
             {"parallel", 2},
             {"context", 64},
             {"threads", 1}};
    all.update(more);
    return all;
  }

  static harness::Request question(const std::string& id, const std::string& text) {
    harness::Request request;
    request.id = id;
    request.messages = {{"user", text}};
    request.timeout = 20 * harness::kSecond;
    return request;
  }

  void wait(std::size_t count) {
    const auto deadline = loop.now() + 30 * harness::kSecond;
    while (answers.by_id.size() < count && loop.now() < deadline) loop.turn(deadline);
    ASSERT_EQ(answers.by_id.size(), count);
  }

  std::string log() {
    std::ostringstream text;
    text << std::ifstream(folder / "logs" / "fake.log").rdbuf();
    return text.str();
  }

  // The process that the fake engine leaves behind, from its log.
  pid_t grandchild() {
    const std::string text = log();
    return std::stoi(text.substr(text.find("grandchild ") + 11));
  }

  static bool alive(pid_t process) {
    // A killed orphan may wait a moment to be reaped by init: a zombie runs no more.
    std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    return static_cast<bool>(stat >> number >> name >> state) && state != "Z" && state != "X";
  }

  // A signal sent is not yet a process gone: the kernel needs a moment.
  bool gone(pid_t process) {
    const auto deadline = loop.now() + 10 * harness::kSecond;
    while (alive(process) && loop.now() < deadline) {
      loop.call_at(loop.now() + harness::kMillisecond, [] {});
      loop.turn(deadline);
    }
    return !alive(process);
  }

  std::string error_of(const json& wrong) {
    try {
      make_server(wrong, context())->open(1);
    } catch (const harness::Error& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
      return error.what();
    }
    ADD_FAILURE() << "opened " << wrong.dump();
    return "";
  }

  std::filesystem::path folder;
  harness::EpollLoop loop;
  std::map<std::string, std::string> environment;
  Answers answers;
};

TEST_F(ServerTest, StartsWaitsAsksAndStopsWithoutOrphans) {
  const auto adapter = make_server(options("serve"), context());
  const harness::Facts facts = adapter->open(2);
  EXPECT_EQ(facts.engine, "llama-server");
  EXPECT_EQ(facts.engine_version, "b1-fake");
  EXPECT_EQ(facts.model_sha256, harness::sha256_hex("serve\n"));
  EXPECT_EQ(json::parse(facts.details)["total_slots"], 2);
  adapter->submit(question("q", "what?"), answers);
  wait(1);
  const Completion& completion = answers.by_id["q"];
  EXPECT_FALSE(completion.failure.has_value());
  EXPECT_EQ(completion.text, "forty");
  EXPECT_TRUE(completion.reused_connection);
  EXPECT_EQ(completion.usage.cache_read, 3);
  EXPECT_EQ(completion.usage.input, 2);
  EXPECT_DOUBLE_EQ(*completion.server.decode_s, 0.008);
  const pid_t left = grandchild();
  EXPECT_TRUE(alive(left));
  const harness::Closing closing = adapter->close();
  EXPECT_GE(closing.cpu_seconds.value_or(-1), 0);
  EXPECT_EQ(json::parse(closing.details)["metrics"]["llamacpp:prompt_tokens_total"], 7);
  EXPECT_TRUE(gone(left));
}

// As after Ctrl-C in a warm-up, whose sink is gone when the adapter is closed.
TEST_F(ServerTest, CloseDeliversNothing) {
  const auto adapter = make_server(options("slow_metrics"), context());
  adapter->open(2);
  {
    Answers gone;
    adapter->submit(question("a", "what?"), gone);
    adapter->submit(question("b", "what?"), gone);
  }
  const auto metrics = json::parse(adapter->close().details).at("metrics");
  EXPECT_EQ(metrics.at("late"), 1);  // The loop was turned long enough for the answers to come.
}

TEST_F(ServerTest, CloseAfterTheEngineDiedDeliversNothing) {
  const auto adapter = make_server(options("crash"), context());
  adapter->open(1);
  {
    Answers gone;
    adapter->submit(question("a", "what?"), gone);
  }
  adapter->close();
  while (loop.turn(loop.now() + harness::kSecond)) {
  }
}

TEST_F(ServerTest, EngineSeesNoKeyAndNoStrayFlag) {
  environment = {{"PATH", "/usr/bin"},
                 {"OPENAI_API_KEY", "sk-planted"},
                 {"LLAMA_ARG_CTX_SIZE", "99"},
                 {"CUDA_VISIBLE_DEVICES", "0"}};
  const auto adapter = make_server(options("serve"), context());
  adapter->open(1);
  adapter->submit(question("q", "environment"), answers);
  wait(1);
  EXPECT_EQ(answers.by_id["q"].text, "PATH CUDA_VISIBLE_DEVICES ");
  adapter->close();
  EXPECT_EQ(log().find("sk-planted"), std::string::npos);
}

TEST_F(ServerTest, DeathAtStartIsOneLineWithTheLogsLast) {
  const std::string error = error_of(options("exit"));
  EXPECT_NE(error.find("exited with status 3"), std::string::npos) << error;
  EXPECT_NE(error.find("fake engine: cannot load the model"), std::string::npos) << error;
  EXPECT_NE(log().find("starting"), std::string::npos);
}

TEST_F(ServerTest, NotReadyInTimeIsAnErrorAndLeavesNothing) {
  const std::string error = error_of(options("hang", {{"ready_timeout_s", 0.2}}));
  EXPECT_NE(error.find("not ready in time"), std::string::npos) << error;
  EXPECT_TRUE(gone(grandchild()));
}

TEST_F(ServerTest, TakenPortIsOneLine) {
  const int port = free_port(0, "test");
  const auto first = make_server(options("serve", {{"port", port}}), context());
  first->open(1);
  const std::string error = error_of(options("serve", {{"port", port}}));
  EXPECT_NE(error.find("port " + std::to_string(port) + " is taken"), std::string::npos) << error;
  first->close();
}

TEST_F(ServerTest, DeathInsideARequestIsEngineDiedThenAndLater) {
  const auto adapter = make_server(options("crash"), context());
  adapter->open(2);
  adapter->submit(question("a", "what?"), answers);
  adapter->submit(question("b", "what?"), answers);
  wait(2);
  adapter->submit(question("c", "what?"), answers);
  EXPECT_FALSE(answers.by_id.contains("c")) << "answered inside submit";
  wait(3);
  for (const auto& [id, completion] : answers.by_id) {
    ASSERT_TRUE(completion.failure.has_value()) << id;
    EXPECT_EQ(failure_name(completion.failure->kind), "engine_died") << id;
    EXPECT_NE(completion.failure->message.find("out of memory"), std::string::npos);
  }
  EXPECT_TRUE(gone(grandchild()));
  EXPECT_TRUE(adapter->close().cpu_seconds.has_value());
}

TEST_F(ServerTest, DestroyedWithoutCloseLeavesNothing) {
  {
    const auto adapter = make_server(options("stubborn"), context());
    adapter->open(1);
    EXPECT_TRUE(alive(grandchild()));
  }
  EXPECT_TRUE(gone(grandchild()));
}

TEST_F(ServerTest, WrongOptions) {
  EXPECT_NE(error_of(options("serve", {{"recipe", "lama-server"}})).find("'llama-server'"),
            std::string::npos);
  EXPECT_NE(error_of(options("serve", {{"model", "none.gguf"}})).find("none.gguf"),
            std::string::npos);
  EXPECT_NE(error_of(options("serve", {{"paralel", 2}})).find("parallel"), std::string::npos);
  EXPECT_NE(error_of(options("serve", {{"program", "no-such-program-here"}})).find("no-such"),
            std::string::npos);
  const std::string error = error_of(options("serve", {{"recipe", "vllm"}}));
  EXPECT_NE(error.find("recipe 'vllm' has no place for \"threads\""), std::string::npos) << error;
  EXPECT_NE(error_of(options("serve", {{"tensor_parallel", 2}})).find("\"arguments\""),
            std::string::npos);
  EXPECT_NE(error_of(options("serve", {{"environment", {"OPENAI_API_KEY"}}})).find("secret"),
            std::string::npos);
}

TEST(Recipe, DropsGroupsWithoutAValue) {
  const Recipe& recipe = find_recipe("llama-server", "test");
  const auto bare = recipe_arguments(recipe, {{"model", "m"}, {"port", "1"}, {"parallel", "2"}});
  EXPECT_EQ(std::count(bare.begin(), bare.end(), "-t"), 0);
  EXPECT_EQ(std::count(bare.begin(), bare.end(), "-c"), 0);
  EXPECT_EQ(bare[1], "m");
  const auto full = recipe_arguments(
      recipe, {{"model", "m"}, {"port", "1"}, {"parallel", "2"}, {"threads", "1"}});
  EXPECT_EQ(std::count(full.begin(), full.end(), "-t"), 1);
}

TEST(Recipe, EveryOneCanBeFilledIn) {
  const RecipeValues values{{"model", "m"},      {"port", "1"},           {"parallel", "2"},
                            {"threads", "1"},    {"context", "64"},       {"context_total", "128"},
                            {"gpu_layers", "0"}, {"tensor_parallel", "1"}};
  for (const auto& recipe : recipes()) {
    std::size_t words = 0;
    for (const auto& group : recipe.arguments) words += group.size();
    EXPECT_EQ(recipe_arguments(recipe, values).size(), words) << recipe.name;
    EXPECT_EQ(recipe_environment(recipe, values).size(), recipe.environment.size()) << recipe.name;
    EXPECT_TRUE(recipe.ready.starts_with('/')) << recipe.name;
  }
}

}  // namespace
}  // namespace pingjia::adapters
