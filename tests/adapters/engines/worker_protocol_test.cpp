#include "adapters/engines/worker_protocol.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace pingjia::adapters::engines {
namespace {

BadLine bad(const std::string& line) {
  const WorkerLine parsed = parse_worker_line(line);
  const BadLine* found = std::get_if<BadLine>(&parsed);
  EXPECT_NE(found, nullptr) << line;
  return found != nullptr ? *found : BadLine{};
}

TEST(WorkerProtocol, ReadsAGenerateLine) {
  const WorkerLine parsed = parse_worker_line(
      R"({"type":"generate","id":"r1","messages":[{"role":"user","content":"1+1="}],"max_tokens":5,
          "temperature":0.5,"top_p":0.9,"top_k":40,"seed":18446744073709551615,"stop":["\n"],"new":1})");
  const auto& line = std::get<RequestLine>(parsed);
  EXPECT_EQ(line.request.id, "r1");
  EXPECT_EQ(line.request.mode, harness::Mode::kGenerate);
  ASSERT_EQ(line.request.messages.size(), 1U);
  EXPECT_EQ(line.request.messages[0].content, "1+1=");
  EXPECT_EQ(line.request.sampling.max_tokens, 5);
  EXPECT_EQ(line.request.sampling.seed, 18446744073709551615U);
  EXPECT_TRUE(line.seeded);
  EXPECT_EQ(line.request.sampling.stop, std::vector<std::string>{"\n"});
}

TEST(WorkerProtocol, TakesNullForMissing) {
  const WorkerLine parsed = parse_worker_line(
      R"({"type":"generate","id":"r","prompt":"x","seed":null,"stop":null,"top_k":null})");
  const auto& line = std::get<RequestLine>(parsed);
  EXPECT_FALSE(line.seeded);
  EXPECT_EQ(line.prompt, "x");
}

TEST(WorkerProtocol, ReadsTheOtherLines) {
  EXPECT_TRUE(std::holds_alternative<HelloLine>(
      parse_worker_line(R"({"type":"hello","protocol":1,"client":"x"})")));
  EXPECT_TRUE(std::holds_alternative<StatsLine>(parse_worker_line(R"({"type":"stats"})")));
  EXPECT_TRUE(std::holds_alternative<ShutdownLine>(parse_worker_line(R"({"type":"shutdown"})")));
  EXPECT_EQ(std::get<CancelLine>(parse_worker_line(R"({"type":"cancel","id":"a"})")).id, "a");
  const WorkerLine scored = parse_worker_line(
      R"({"type":"loglikelihood","id":"s","prompt":"x","continuations":["A","B"]})");
  EXPECT_EQ(std::get<RequestLine>(scored).request.continuations.size(), 2U);
}

TEST(WorkerProtocol, SaysWhatIsWrongWithALine) {
  EXPECT_EQ(bad("garbage").kind, "protocol");
  EXPECT_EQ(bad("[1]").kind, "protocol");
  EXPECT_EQ(bad(R"({"type":"dance","id":"x"})").kind, "protocol");
  EXPECT_EQ(bad(R"({"type":"dance","id":"x"})").id, "x");
  EXPECT_EQ(bad(R"({"type":"generate","prompt":"x"})").kind, "bad_request");
  EXPECT_EQ(bad(R"({"type":"generate","id":"x"})").kind, "bad_request");
  EXPECT_EQ(bad(R"({"type":"generate","id":"x","prompt":"p","max_tokens":0})").id, "x");
  EXPECT_EQ(bad(R"({"type":"generate","id":"x","prompt":"p","stop":"\n"})").kind, "bad_request");
  EXPECT_EQ(bad(R"({"type":"generate","id":"x","messages":[{"role":"user"}]})").kind,
            "bad_request");
  EXPECT_EQ(bad(R"({"type":"loglikelihood","id":"x","prompt":"p"})").kind, "bad_request");
  EXPECT_EQ(bad(R"({"type":"load","options":{"model":"m","x":1}})").kind, "bad_request");
  EXPECT_EQ(bad("{\"type\":\"generate\",\"id\":\"\xFF\"}").kind, "protocol");
}

TEST(WorkerProtocol, WritesOneObjectALine) {
  const RequestUsage usage{3, 2, 4};
  const auto done = nlohmann::json::parse(done_line("a", "stop", usage, {1, 2, 3}));
  EXPECT_EQ(done["usage"]["input"], 3);
  EXPECT_EQ(done["usage"]["cache_read"], 2);
  EXPECT_EQ(done["timings"]["decode_ns"], 3);
  const std::string delta = delta_line("a", "line\nbreak", 1, 5);
  EXPECT_EQ(delta.find('\n'), std::string::npos);
  const std::string id = "x";
  EXPECT_EQ(nlohmann::json::parse(error_line(&id, "server", "m"))["id"], "x");
  EXPECT_FALSE(nlohmann::json::parse(error_line(nullptr, "server", "m")).contains("id"));
}

}  // namespace
}  // namespace pingjia::adapters::engines
