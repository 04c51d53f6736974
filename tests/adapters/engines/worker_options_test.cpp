#include "adapters/engines/worker_options.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/engines/worker_error.h"

namespace pingjia::adapters::engines {
namespace {

std::string refusal(const char* options) {
  try {
    parse_worker_options(nlohmann::json::parse(options));
  } catch (const WorkerError& error) {
    EXPECT_EQ(error.kind(), "bad_request");
    return error.what();
  }
  return "taken";
}

TEST(WorkerOptions, TakesWhatARunFileSays) {
  const WorkerOptions options = parse_worker_options(nlohmann::json::parse(
      R"({"model":"m.gguf","threads":2,"parallel":8,"context":512,"seed":7,"flash_attention":"on",
          "reproducible":false,"batch":128})"));
  EXPECT_EQ(options.model, "m.gguf");
  EXPECT_EQ(options.threads, 2);
  EXPECT_EQ(options.parallel, 8);
  EXPECT_EQ(options.context, 512);
  EXPECT_EQ(options.batch, 128);
  EXPECT_EQ(options.seed, 7U);
  EXPECT_EQ(options.flash_attention, FlashAttention::kOn);
  EXPECT_FALSE(options.reproducible);
}

TEST(WorkerOptions, DefaultsToOneThreadAndReproducible) {
  const WorkerOptions options = parse_worker_options(nlohmann::json::parse(R"({"model":"m"})"));
  EXPECT_EQ(options.threads, 1);
  EXPECT_TRUE(options.reproducible);
  EXPECT_TRUE(options.reuse_prefix);
}

TEST(WorkerOptions, NamesTheKeyThatIsWrong) {
  EXPECT_NE(refusal(R"({"model":"m","treads":2})").find("\"treads\""), std::string::npos);
  EXPECT_NE(refusal(R"({"model":"m","threads":"2"})").find("\"threads\""), std::string::npos);
  EXPECT_NE(refusal(R"({"model":"m","threads":0})").find("from 1"), std::string::npos);
  EXPECT_NE(refusal(R"({"model":"m","context":1.5})").find("\"context\""), std::string::npos);
  EXPECT_NE(refusal(R"({"model":"m","flash_attention":"yes"})").find("auto"), std::string::npos);
  EXPECT_NE(refusal(R"({"threads":1})").find("\"model\" is missing"), std::string::npos);
  EXPECT_NE(refusal("[]").find("object"), std::string::npos);
}

}  // namespace
}  // namespace pingjia::adapters::engines
