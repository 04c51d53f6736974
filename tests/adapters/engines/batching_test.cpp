// Many requests at once against the same requests alone, with a model of random weights: its
// answers depend on everything that came before, and many of its choices are close.

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/rng.h"
#include "tests/adapters/engines/worker_child.h"
#include "tests/oracle_gguf.h"

namespace pingjia::tests {
namespace {

using Json = nlohmann::json;

std::string model() {
  static const std::string path = [] {
    const std::string file = model_path("random.gguf");
    write_random_gguf(file, {2, 256, 512}, 1);
    return file;
  }();
  return path;
}

struct Asked {
  std::string id;
  Json line;
};

/// Requests of differing lengths, greedy and drawn, some with a common beginning of 60 characters.
std::vector<Asked> requests(int count) {
  std::vector<Asked> all;
  harness::Rng rng(1, "batching");
  const std::string common = "The quick brown fox jumps over the lazy dog and runs away. ";
  for (int i = 0; i < count; ++i) {
    std::string question = i % 2 == 0 ? common : "";
    for (std::uint64_t length = 1 + rng.below(40); length > 0; --length) {
      question += static_cast<char>('a' + rng.below(26));
    }
    const std::string id = "r" + std::to_string(i);
    Json more = {{"max_tokens", 1 + static_cast<int>(rng.below(24))}};
    if (i % 3 == 0) {
      more["temperature"] = 0.8;
      more["seed"] = i;
    }
    all.push_back({id, generate_line(id, question, more)});
  }
  return all;
}

/// Text of each answer, with its finish, by id.
std::map<std::string, std::string> answers(const std::vector<Asked>& asked, const Json& options,
                                           Json* stats = nullptr, Json* used = nullptr) {
  WorkerChild worker;
  worker.load(model(), options);
  for (const Asked& request : asked) {
    worker.send(request.line);
  }
  std::map<std::string, std::string> texts;
  Json usage = {{"input", 0}, {"cache_read", 0}, {"output", 0}, {"prefill", 0}, {"decode", 0}};
  for (const Asked& request : asked) {
    const WorkerAnswer answer = worker.answer(request.id);
    texts[request.id] = answer.finish() + ": " + answer.text();
    for (const char* key : {"input", "cache_read", "output"}) {
      usage[key] = usage[key].get<int>() + answer.end.at("usage").at(key).get<int>();
    }
    for (const std::string key : {"prefill", "decode"}) {
      usage[key] = usage[key].get<std::int64_t>() +
                   answer.end.at("timings").at(key + "_ns").get<std::int64_t>();
    }
  }
  if (stats != nullptr) {
    *stats = worker.stats();
    *used = usage;
  }
  return texts;
}

TEST(Batching, ChangesNoAnswer) {
  std::vector<Asked> asked = requests(60);
  const auto alone = answers(asked, {{"parallel", 1}, {"reuse_prefix", false}});
  EXPECT_EQ(answers(asked, {{"parallel", 1}}), alone);
  EXPECT_EQ(answers(asked, {{"parallel", 8}}), alone);
  EXPECT_EQ(answers(asked, {{"parallel", 8}, {"batch", 16}, {"ubatch", 16}}), alone);
  harness::Rng(2, "order").shuffle(asked);
  EXPECT_EQ(answers(asked, {{"parallel", 8}}), alone);
  EXPECT_EQ(answers(asked, {{"parallel", 5}}), alone);
}

TEST(Batching, LedgerEqualsWhatWasSent) {
  Json stats;
  Json used;
  answers(requests(40), {{"parallel", 8}}, &stats, &used);
  EXPECT_EQ(stats.at("output"), used.at("output"));
  EXPECT_EQ(stats.at("reused"), used.at("cache_read"));
  EXPECT_EQ(stats.at("prefill").at("input"), used.at("input"));
  EXPECT_EQ(stats.at("prefill").at("output"), 40);
  EXPECT_EQ(
      stats.at("prefill").at("output").get<int>() + stats.at("decode").at("output").get<int>(),
      used.at("output"));
  EXPECT_EQ(stats.at("prefill").at("ns"), used.at("prefill"));
  EXPECT_EQ(stats.at("decode").at("ns"), used.at("decode"));
  EXPECT_EQ(stats.at("requests"), 40);
  EXPECT_LE(stats.at("prefill").at("ns").get<std::int64_t>() +
                stats.at("decode").at("ns").get<std::int64_t>(),
            stats.at("since_ready_ns").get<std::int64_t>());
}

TEST(Batching, DecodesACommonBeginningOnce) {
  const std::string common(200, 'k');
  std::vector<Asked> asked;
  for (int i = 0; i < 8; ++i) {
    const std::string id = std::to_string(i);
    asked.push_back({id, generate_line(id, common + id, {{"max_tokens", 2}})});
  }
  Json stats;
  Json used;
  answers(asked, {{"parallel", 8}}, &stats, &used);
  // <s> <|user|> and 200 letters are common; a digit and <|assistant|> are each request's own.
  EXPECT_EQ(used.at("cache_read"), 7 * 202);
  EXPECT_EQ(used.at("input"), 202 + 8 * 2);
  answers(asked, {{"parallel", 8}, {"reuse_prefix", false}}, &stats, &used);
  EXPECT_EQ(used.at("cache_read"), 0);
  EXPECT_EQ(used.at("input"), 8 * 204);
}

TEST(Batching, ScoresTheSameAloneAndTogether) {
  const auto scores = [](const Json& options) {
    WorkerChild worker;
    worker.load(model(), options);
    for (int i = 0; i < 12; ++i) {
      worker.send(
          {{"type", "loglikelihood"},
           {"id", std::to_string(i)},
           {"messages", {{{"role", "user"}, {"content", "question " + std::to_string(i * i)}}}},
           {"continuations", {"A", "B", "a longer one", "a longer two"}}});
      worker.send(generate_line("g" + std::to_string(i), "beside", {{"max_tokens", 5}}));
    }
    std::vector<Json> all;
    for (int i = 0; i < 12; ++i) {
      all.push_back(worker.answer(std::to_string(i)).end.at("scores"));
    }
    return all;
  };
  const auto alone = scores({{"parallel", 1}, {"reuse_prefix", false}});
  EXPECT_EQ(scores({{"parallel", 8}}), alone);
  EXPECT_EQ(scores({{"parallel", 3}, {"batch", 8}}), alone);
}

TEST(Batching, ContinuesAConversationFromTheCache) {
  WorkerChild worker;
  worker.load(model());
  worker.send(generate_line("one", "hello", {{"max_tokens", 10}}));
  const WorkerAnswer first = worker.answer("one");
  ASSERT_EQ(first.finish(), "length");
  worker.send({{"type", "generate"},
               {"id", "two"},
               {"messages",
                {{{"role", "user"}, {"content", "hello"}},
                 {{"role", "assistant"}, {"content", first.text()}},
                 {{"role", "user"}, {"content", "more"}}}},
               {"max_tokens", 1}});
  const Json usage = worker.answer("two").end.at("usage");
  EXPECT_GE(usage.at("cache_read"), 8);  // <s> <|user|> hello <|assistant|>.
}

TEST(Batching, TakesAThousandRequestsBeforeAnyAnswerIsRead) {
  WorkerChild worker;
  worker.load(model(), {{"parallel", 8}});
  for (int i = 0; i < 1000; ++i) {
    worker.send(generate_line(std::to_string(i), std::string(500, 'x'), {{"max_tokens", 1}}));
  }
  int ended = 0;
  for (int i = 0; i < 1000; ++i) {
    ended += worker.answer(std::to_string(i)).finish() == "length" ? 1 : 0;
  }
  EXPECT_EQ(ended, 1000);
}

}  // namespace
}  // namespace pingjia::tests
