#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/process.h"
#include "harness/base/epoll_loop.h"
#include "tests/adapters/answers.h"

namespace pingjia::adapters {

/// Small Python children on the real loop. `kPreamble` answers hello and load as a good child does
/// and gives the scripts `write`, `read` and `messages`.
class ProcessFixture : public testing::Test {
 protected:
  static constexpr const char* kPreamble = R"(
import json, os, sys, time
def write(**message):
    sys.stdout.write(json.dumps(message) + "\n"); sys.stdout.flush()
def read():
    line = sys.stdin.readline()
    if not line: sys.exit(0)
    return json.loads(line)
def hello(*capabilities):
    assert read()["type"] == "hello"
    write(type="hello", protocol=1, name="child", version="1", capabilities=capabilities)
def load():
    options = read()["options"]
    write(type="ready", model="m", model_sha256="ab", device="CPU", details={"got": options})
    return options
def start():
    hello("generate", "loglikelihood", "cancel"); return load()
def messages():
    while True:
        message = read()
        if message["type"] == "shutdown": return
        yield message
)";

  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("process_test." + std::to_string(getpid()) + "." +
               testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  harness::AdapterContext context() {
    return {loop_,
            [](const std::string& name) -> std::optional<std::string> {
              const char* value = std::getenv(name.c_str());
              if (value == nullptr) return std::nullopt;
              return value;
            },
            "test.json",
            folder_,
            PINGJIA_PROGRAMS_DIR,
            folder_ / "logs",
            "child"};
  }

  nlohmann::json script(const std::string& body) {
    std::ofstream(folder_ / "child.py") << kPreamble << body;
    return {{"command", {"python3", "child.py"}}};
  }

  std::unique_ptr<harness::Adapter> adapter(const nlohmann::json& options) {
    return make_process(options, context());
  }

  /// Turns until `count` answers have come.
  void run(std::size_t count) {
    while (answers_.by_id.size() < count) {
      ASSERT_TRUE(loop_.turn(std::numeric_limits<harness::Nanos>::max()));
    }
  }

  const harness::Completion& answer(const std::string& id) { return answers_.by_id.at(id); }

  harness::EpollLoop loop_;
  std::filesystem::path folder_;
  Answers answers_;
};

}  // namespace pingjia::adapters
