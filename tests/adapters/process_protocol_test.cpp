#include "adapters/process_protocol.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/rng.h"

namespace pingjia::adapters {
namespace {

using harness::FailureClass;
using nlohmann::json;

template <class Line>
Line read_as(const std::string& text) {
  const ChildLine line = read_child_line(text);
  const Line* wanted = std::get_if<Line>(&line);
  EXPECT_NE(wanted, nullptr) << text;
  return wanted == nullptr ? Line() : *wanted;
}

TEST(ProcessProtocol, GenerateCarriesEverySamplingField) {
  harness::Request request;
  request.id = "a|b";
  request.messages = {{"system", "s"}, {"user", "line\nbreak"}};
  request.sampling = {7, 0.5, 0.9, 40, 12345678901234567890ULL, {"\n"}};
  const std::string line = request_line(request);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(
      json::parse(line),
      json::parse(R"({"type":"generate","id":"a|b","messages":[{"role":"system","content":"s"},
      {"role":"user","content":"line\nbreak"}],"max_tokens":7,"temperature":0.5,"top_p":0.9,
      "top_k":40,"seed":12345678901234567890,"stop":["\n"]})"));
}

TEST(ProcessProtocol, LoglikelihoodCarriesTheContinuations) {
  harness::Request request;
  request.id = "1";
  request.mode = harness::Mode::kLoglikelihood;
  request.messages = {{"user", "?"}};
  request.continuations = {" A", " B"};
  EXPECT_EQ(json::parse(request_line(request)),
            json::parse(R"({"type":"loglikelihood","id":"1","messages":[{"role":"user",
      "content":"?"}],"continuations":[" A"," B"]})"));
}

TEST(ProcessProtocol, LoadAddsParallelUnlessItIsThere) {
  EXPECT_EQ(json::parse(load_line("{}", 4))["options"]["parallel"], 4);
  EXPECT_EQ(json::parse(load_line(R"({"parallel":2})", 4))["options"]["parallel"], 2);
}

TEST(ProcessProtocol, TextThatIsNotUtf8IsStillOneLine) {
  harness::Request request;
  request.messages = {{"user", "\xff"}};
  EXPECT_EQ(json::parse(request_line(request))["messages"][0]["content"], "\uFFFD");
}

TEST(ProcessProtocol, DoneHoldsUsageAndTimings) {
  const auto done = read_as<DoneLine>(
      R"({"type":"done","id":"1","finish":"stop","usage":{"input":5,"cache_read":2,"output":3},
          "timings":{"queue_ns":1000000,"decode_ns":2000000000}})");
  EXPECT_EQ(done.usage.input, 5);
  EXPECT_EQ(done.usage.total_input(), 7);
  EXPECT_FALSE(done.usage.reasoning.has_value());
  EXPECT_EQ(done.usage.maker, "worker");
  EXPECT_DOUBLE_EQ(done.timings.queue_s.value(), 0.001);
  EXPECT_FALSE(done.timings.prefill_s.has_value());
  EXPECT_DOUBLE_EQ(done.timings.decode_s.value(), 2);
  EXPECT_TRUE(done.timings.additive);
}

TEST(ProcessProtocol, MissingUsageIsUnknown) {
  const auto done = read_as<DoneLine>(R"({"type":"done","id":"1","finish":"stop"})");
  EXPECT_EQ(done.usage.maker, "");
  EXPECT_FALSE(done.usage.output.has_value());
  EXPECT_EQ(done.timings.maker, "");
}

TEST(ProcessProtocol, ErrorClassesAreThoseOfRecords) {
  EXPECT_EQ(read_as<ErrorLine>(R"({"type":"error","id":"1","class":"context_overflow"})").kind,
            FailureClass::kContextOverflow);
  EXPECT_EQ(read_as<ErrorLine>(R"({"type":"error","message":"x"})").kind, FailureClass::kServer);
}

TEST(ProcessProtocol, UnknownTypesAreOther) {
  EXPECT_EQ(read_as<OtherLine>(R"({"type":"progress","percent":3})").type, "progress");
}

TEST(ProcessProtocol, BrokenLinesAreGarbageWithTheirIdWhereItCanBeRead) {
  EXPECT_EQ(read_as<GarbageLine>("not json").id, "");
  EXPECT_EQ(read_as<GarbageLine>("[]").id, "");
  EXPECT_EQ(read_as<GarbageLine>("{\"type\":\"delta\",\"id\":\"1\",\"text\":\"\xff\"}").id, "");
  EXPECT_EQ(read_as<GarbageLine>(R"({"type":"delta","id":"1"})").id, "1");
  EXPECT_EQ(read_as<GarbageLine>(R"({"id":"1"})").id, "1");
  EXPECT_EQ(
      read_as<GarbageLine>(R"({"type":"done","id":"1","finish":"stop","usage":{"input":-1}})").id,
      "1");
  EXPECT_EQ(read_as<GarbageLine>(
                R"({"type":"scores","id":"1","scores":[{"loglikelihood":null,"greedy":true}]})")
                .id,
            "1");
}

// No line, however broken, throws or crashes.
TEST(ProcessProtocol, MutatedLinesNeverThrow) {
  const std::vector<std::string> seeds = {
      R"({"type":"hello","protocol":1,"name":"n","capabilities":["generate"]})",
      R"({"type":"delta","id":"1","text":"é\u00e9","tokens":1,"t_ns":123,"reasoning":true})",
      R"({"type":"done","id":"1","finish":"stop","usage":{"input":5},"timings":{"queue_ns":1}})",
      R"({"type":"scores","id":"1","scores":[{"loglikelihood":-1.5,"greedy":false}]})"};
  harness::Rng rng(11, "mutations");
  for (int i = 0; i < 20'000; ++i) {
    std::string line = seeds[rng.below(seeds.size())];
    for (std::uint64_t changes = 1 + rng.below(4); changes > 0; --changes) {
      const std::size_t at = rng.below(line.size());
      if (rng.below(2) == 0) {
        line[at] = static_cast<char>(rng.below(256));
      } else {
        line.erase(at, 1 + rng.below(5));
        if (line.empty()) line = "x";
      }
    }
    EXPECT_FALSE(read_child_line(line).valueless_by_exception());
  }
}

}  // namespace
}  // namespace pingjia::adapters
