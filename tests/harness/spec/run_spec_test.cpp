#include "harness/spec/run_spec.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/error.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {
namespace {

RunSpec parse(const std::string& text) {
  return run_spec_from_json(parse_json(text, "night.json"), "night.json");
}

std::string refusal(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

const char* const kMinimal = R"({
  "systems": [{"name": "a", "adapter": "echo"}],
  "suites": [{"suite": "arithmetic"}]   // the first protocol
})";

TEST(RunSpec, FillsDefaults) {
  const RunSpec spec = parse(kMinimal);
  EXPECT_EQ(spec.seed, 1U);
  EXPECT_EQ(spec.load.mode, LoadMode::kClosed);
  EXPECT_EQ(spec.load.concurrency, 8);
  EXPECT_EQ(spec.systems[0].options, "{}");
  EXPECT_FALSE(spec.suites[0].repeats);
  EXPECT_FALSE(spec.budget_usd);
}

TEST(RunSpec, ReadsBackWhatItResolved) {
  const RunSpec spec = parse(R"({
    "name": "night", "seed": 5, "retries": 2, "budget_usd": 1.5, "timeout_s": 30, "data": "d",
    "systems": [{"name": "a", "adapter": "echo", "options": {"text": "x"},
                 "price": {"input": "0.1"}}, {"name": "b", "adapter": "echo"}],
    "suites": [{"suite": "s", "protocol": "p", "limit": 3, "repeats": 2, "systems": ["b"]}],
    "load": {"mode": "poisson", "rate": 2.5, "max_in_flight": 7, "warmup": 1}})");
  const auto resolved = to_json(spec);
  EXPECT_EQ(to_json(run_spec_from_json(resolved, "run.json")), resolved);
  EXPECT_EQ(spec.budget_usd, "1.5");
  EXPECT_EQ(spec.load.rate, 2.5);
  EXPECT_EQ(*spec.suites[0].limit, 3U);
}

TEST(RunSpec, NamesTheNearestKey) {
  const std::string line =
      refusal(R"({"systems":[{"name":"a","adaptor":"echo"}],"suites":[{"suite":"s"}]})");
  EXPECT_NE(line.find("night.json"), std::string::npos) << line;
  EXPECT_NE(line.find("adapter"), std::string::npos) << line;
}

TEST(RunSpec, RefusesWhatCannotRun) {
  EXPECT_NE(refusal(R"({"systems":[],"suites":[{"suite":"s"}]})").find("'systems' is empty"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"systems":[{"name":"a b","adapter":"echo"}],"suites":[{"suite":"s"}]})")
                .find("cannot be a name"),
            std::string::npos);
  EXPECT_NE(refusal(R"({"systems":[{"name":"a","adapter":"e"},{"name":"a","adapter":"e"}],
                        "suites":[{"suite":"s"}]})")
                .find("two systems are called 'a'"),
            std::string::npos);
  const std::string unknown = refusal(R"({"systems":[{"name":"dense","adapter":"e"}],
                                          "suites":[{"suite":"s","systems":["dence"]}]})");
  EXPECT_NE(unknown.find("did you mean 'dense'?"), std::string::npos) << unknown;
  EXPECT_NE(refusal(R"({"systems":[{"name":"a","adapter":"e"}],"suites":[{"suite":"s"}],
                        "load":{"mode":"closed","rate":3}})")
                .find("rate"),
            std::string::npos);
}

}  // namespace
}  // namespace pingjia::harness
