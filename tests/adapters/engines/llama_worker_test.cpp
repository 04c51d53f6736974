// The real worker over pipes, with a model whose answers are known by heart.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/adapters/engines/worker_child.h"
#include "tests/oracle_gguf.h"

namespace pingjia::tests {
namespace {

using Json = nlohmann::json;

const OracleTable& answers_42() {
  static const OracleTable table = [] {
    OracleTable made;
    made.answer(kAssistantToken, "42");
    return made;
  }();
  return table;
}

const OracleTable& draws_letters() {
  static const OracleTable table = [] {
    OracleTable made;
    made.follow(kAssistantToken, {{"A", 0.5}, {"B", 0.3}, {"C", 0.15}});
    made.follow(tokens_of("A")[0], {{"x", 0.6}, {"y", 0.4}});
    made.follow(tokens_of("B")[0], {{"x", 0.1}, {"y", 0.9}});
    return made;
  }();
  return table;
}

std::string written(const std::string& name, const OracleTable& table,
                    const char* chat_template = kRoleTemplate) {
  const std::string path = model_path(name);
  write_oracle_gguf(path, table, chat_template);
  return path;
}

std::string model_42() {
  static const std::string path = written("answers_42.gguf", answers_42());
  return path;
}

std::string model_letters() {
  static const std::string path = written("letters.gguf", draws_letters());
  return path;
}

TEST(LlamaWorker, SaysWhatItIs) {
  WorkerChild worker;
  const Json ready = worker.load(model_42(), {{"context", 512}, {"parallel", 2}});
  ASSERT_EQ(ready.at("type"), "ready") << ready;
  EXPECT_EQ(ready.at("model"), "pingjia oracle");
  EXPECT_EQ(ready.at("device"), "CPU");
  EXPECT_EQ(ready.at("details").at("context"), 512);
  EXPECT_EQ(ready.at("details").at("parallel"), 2);
  EXPECT_EQ(ready.at("details").at("chat_template"), "model");
  EXPECT_EQ(worker.finish(), 0);
}

TEST(LlamaWorker, AnswersGreedilyAndCounts) {
  WorkerChild worker;
  worker.load(model_42());
  worker.send(generate_line("q", "6*7=", {{"max_tokens", 16}}));
  const WorkerAnswer answer = worker.answer("q");
  EXPECT_EQ(answer.text(), "42");
  EXPECT_EQ(answer.finish(), "stop");
  // <s> <|user|> 6 * 7 = <|assistant|>, and 4, 2, </s>.
  EXPECT_EQ(answer.end.at("usage"),
            Json({{"input", 7}, {"cache_read", 0}, {"output", 3}, {"reasoning", 0}}));
  ASSERT_EQ(answer.deltas.size(), 2U);
  EXPECT_LE(answer.deltas[0].at("t_ns"), answer.deltas[1].at("t_ns"));
  EXPECT_GT(answer.end.at("timings").at("prefill_ns"), 0);
  EXPECT_GT(answer.end.at("timings").at("decode_ns"), 0);
}

TEST(LlamaWorker, FinishesWithLengthAfterItsBudget) {
  WorkerChild worker;
  worker.load(model_42());
  worker.send(generate_line("q", "6*7=", {{"max_tokens", 1}}));
  const WorkerAnswer answer = worker.answer("q");
  EXPECT_EQ(answer.text(), "4");
  EXPECT_EQ(answer.finish(), "length");
  EXPECT_EQ(answer.end.at("usage").at("output"), 1);
}

TEST(LlamaWorker, FinishesWithLengthWhenTheContextIsFull) {
  OracleTable loop;
  loop.follow(kAssistantToken, {{"a", 1}});
  loop.follow(tokens_of("a")[0], {{"a", 1}});
  WorkerChild worker;
  worker.load(written("loop.gguf", loop), {{"context", 64}});
  worker.send(generate_line("q", "x", {{"max_tokens", 1000}}));
  const WorkerAnswer answer = worker.answer("q");
  EXPECT_EQ(answer.finish(), "length");
  EXPECT_EQ(answer.text(), std::string(60, 'a'));  // 64 less <s> <|user|> x <|assistant|>.
}

TEST(LlamaWorker, ShowsNothingOfAStopString) {
  OracleTable table;
  table.answer(kAssistantToken, "12;\nQ:34");
  WorkerChild worker;
  worker.load(written("stops.gguf", table));
  worker.send(generate_line("q", "x", {{"stop", {"\nQ:"}}}));
  const WorkerAnswer stopped = worker.answer("q");
  EXPECT_EQ(stopped.text(), "12;");
  EXPECT_EQ(stopped.finish(), "stop");
  EXPECT_EQ(stopped.end.at("usage").at("output"), 6);
  worker.send(generate_line("r", "x", {{"stop", {"\nQ:5"}}}));
  EXPECT_EQ(worker.answer("r").text(), "12;\nQ:34");
}

TEST(LlamaWorker, SendsWholeCodePoints) {
  OracleTable table;
  table.answer(kAssistantToken, "a\xE5\xB9\xB3\xF0\x9F\x98\x80");
  WorkerChild worker;
  worker.load(written("utf8.gguf", table));
  worker.send(generate_line("q", "x"));
  const WorkerAnswer answer = worker.answer("q");
  ASSERT_EQ(answer.deltas.size(), 3U);
  EXPECT_EQ(answer.deltas[0].at("text"), "a");
  EXPECT_EQ(answer.deltas[1].at("text"), "\xE5\xB9\xB3");
  EXPECT_EQ(answer.deltas[1].at("tokens"), 3);
  EXPECT_EQ(answer.deltas[2].at("text"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(answer.deltas[2].at("tokens"), 4);
}

TEST(LlamaWorker, ScoresContinuationsAsTheTableSays) {
  WorkerChild worker;
  worker.load(model_letters());
  const std::vector<std::string> texts = {"A", "B", "C", "Ax", "By", "Z"};
  worker.send({{"type", "loglikelihood"},
               {"id", "s"},
               {"messages", {{{"role", "user"}, {"content", "which?"}}}},
               {"continuations", texts}});
  const Json end = worker.answer("s").end;
  ASSERT_EQ(end.at("type"), "scores") << end;
  ASSERT_EQ(end.at("scores").size(), texts.size());
  const OracleTable& table = draws_letters();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Json& score = end.at("scores")[i];
    EXPECT_NEAR(score.at("loglikelihood").get<double>(),
                table.log_likelihood(kAssistantToken, texts[i]), 1e-4)
        << texts[i];
    EXPECT_EQ(score.at("tokens"), texts[i].size());
    EXPECT_EQ(score.at("bytes"), texts[i].size());
    EXPECT_EQ(score.at("greedy"), texts[i] == "A" || texts[i] == "Ax") << texts[i];
  }
  // The prompt of 9 tokens is decoded once; of each two-token text the first token.
  EXPECT_EQ(end.at("usage").at("input"), 9 + 2);
  EXPECT_EQ(end.at("usage").at("output"), 0);
}

TEST(LlamaWorker, CountsSpacesAtThePromptsEndToTheContinuation) {
  OracleTable table;
  table.follow(tokens_of(":")[0], {{" ", 0.25}});
  table.follow(tokens_of(" ")[0], {{"A", 0.5}});
  WorkerChild worker;
  worker.load(written("spaces.gguf", table, kBareTemplate));
  worker.send(
      {{"type", "loglikelihood"}, {"id", "s"}, {"prompt", "Answer: "}, {"continuations", {"A"}}});
  const Json score = worker.answer("s").end.at("scores")[0];
  EXPECT_NEAR(score.at("loglikelihood").get<double>(), std::log(0.25 * 0.5), 1e-4);
  EXPECT_EQ(score.at("tokens"), 2);
  EXPECT_EQ(score.at("bytes"), 1);
}

TEST(LlamaWorker, DrawsTheSameWithTheSameSeed) {
  WorkerChild worker;
  worker.load(model_letters(), {{"parallel", 4}});
  const auto drawn = [&](const std::string& id, int seed) {
    worker.send(generate_line(id, "?", {{"temperature", 1}, {"seed", seed}, {"max_tokens", 4}}));
    return worker.answer(id).text();
  };
  std::set<std::string> seen;
  for (int seed = 0; seed < 20; ++seed) {
    const std::string first = drawn("a" + std::to_string(seed), seed);
    EXPECT_EQ(drawn("b" + std::to_string(seed), seed), first);
    seen.insert(first);
  }
  EXPECT_GT(seen.size(), 2U);
}

TEST(LlamaWorker, DrawsAsOftenAsTheSoftmaxSays) {
  constexpr int kDraws = 2000;
  WorkerChild worker;
  worker.load(model_letters(), {{"parallel", 16}});
  for (int i = 0; i < kDraws; ++i) {
    worker.send(generate_line(std::to_string(i), "?",
                              {{"temperature", 1}, {"seed", i}, {"max_tokens", 1}}));
  }
  std::map<std::string, int> count;
  for (int i = 0; i < kDraws; ++i) {
    count[worker.answer(std::to_string(i)).text()] += 1;
  }
  const std::map<std::string, double> expected = {{"A", 0.5}, {"B", 0.3}, {"C", 0.15}, {"", 0.05}};
  for (const auto& [letter, probability] : expected) {
    const double deviation = std::sqrt(kDraws * probability * (1 - probability));
    EXPECT_NEAR(count[letter], kDraws * probability, 5 * deviation) << letter;
  }
}

TEST(LlamaWorker, CutsWithTopKAndTopP) {
  WorkerChild worker;
  worker.load(model_letters(), {{"parallel", 8}});
  std::set<std::string> by_k;
  std::set<std::string> by_p;
  for (int i = 0; i < 100; ++i) {
    const Json common = {{"temperature", 2}, {"seed", i}, {"max_tokens", 1}};
    Json k = common;
    k["top_k"] = 2;
    worker.send(generate_line("k" + std::to_string(i), "?", k));
    Json p = common;
    p["top_p"] = 0.6;
    worker.send(generate_line("p" + std::to_string(i), "?", p));
  }
  for (int i = 0; i < 100; ++i) {
    by_k.insert(worker.answer("k" + std::to_string(i)).text());
    by_p.insert(worker.answer("p" + std::to_string(i)).text());
  }
  EXPECT_EQ(by_k, (std::set<std::string>{"A", "B"}));
  EXPECT_EQ(by_p, (std::set<std::string>{"A", "B"}));
}

TEST(LlamaWorker, CancelsAtOnceWhatRunsAndWhatWaits) {
  OracleTable loop;
  loop.follow(kAssistantToken, {{"a", 1}});
  loop.follow(tokens_of("a")[0], {{"a", 1}});
  WorkerChild worker;
  worker.load(written("endless.gguf", loop), {{"parallel", 1}});
  worker.send(generate_line("runs", "x", {{"max_tokens", 4000}}));
  worker.send(generate_line("waits", "x", {{"max_tokens", 4000}}));
  worker.next("delta");
  worker.send({{"type", "cancel"}, {"id", "waits"}});
  worker.send({{"type", "cancel"}, {"id", "runs"}});
  worker.send({{"type", "cancel"}, {"id", "unknown"}});
  const WorkerAnswer waits = worker.answer("waits");
  EXPECT_EQ(waits.finish(), "cancelled");
  EXPECT_EQ(waits.end.at("usage").at("output"), 0);
  const WorkerAnswer runs = worker.answer("runs");
  EXPECT_EQ(runs.finish(), "cancelled");
  EXPECT_LT(runs.end.at("usage").at("output"), 4000);
  worker.send(generate_line("next", "x", {{"max_tokens", 3}}));
  EXPECT_EQ(worker.answer("next").text(), "aaa");
}

TEST(LlamaWorker, RefusesAPromptThatDoesNotFit) {
  WorkerChild worker;
  worker.load(model_42(), {{"context", 32}});
  worker.send(generate_line("long", std::string(100, 'x')));
  EXPECT_EQ(worker.answer("long").end.at("class"), "context_overflow");
  worker.send({{"type", "loglikelihood"},
               {"id", "scores"},
               {"prompt", std::string(30, 'x')},
               {"continuations", {"fits not"}}});
  EXPECT_EQ(worker.answer("scores").end.at("class"), "context_overflow");
  worker.send(generate_line("short", "x"));
  EXPECT_EQ(worker.answer("short").text(), "42");
}

TEST(LlamaWorker, OutlivesGarbage) {
  WorkerChild worker;
  worker.load(model_42());
  worker.send_text("no JSON");
  EXPECT_EQ(worker.next("error").at("class"), "protocol");
  worker.send_text("");
  worker.send_text("{\"type\":\"generate\",\"id\":\"x\"}");
  const Json error = worker.next("error");
  EXPECT_EQ(error.at("class"), "bad_request");
  EXPECT_EQ(error.at("id"), "x");
  worker.send_text("{\"type\":\"\xFF\xFE\"}");
  EXPECT_EQ(worker.next("error").at("class"), "protocol");
  worker.send(generate_line("q", "x"));
  EXPECT_EQ(worker.answer("q").text(), "42");
  EXPECT_EQ(worker.finish(), 0);
}

TEST(LlamaWorker, RefusesASecondRequestOfTheSameId) {
  WorkerChild worker;
  worker.load(model_42());
  worker.send_text(generate_line("q", "x").dump() + "\n" + generate_line("q", "x").dump());
  EXPECT_EQ(worker.next("error").at("class"), "bad_request");
  EXPECT_EQ(worker.answer("q").text(), "42");
}

TEST(LlamaWorker, SaysWhyItCannotLoad) {
  WorkerChild missing;
  const Json no_file = missing.load("/nowhere/model.gguf");
  EXPECT_EQ(no_file.at("class"), "not_found");
  EXPECT_FALSE(no_file.contains("id"));
  EXPECT_EQ(missing.finish(), 1);
  WorkerChild wrong;
  EXPECT_EQ(wrong.load(PINGJIA_SOURCE_DIR "/README.md").at("class"), "bad_request");
  EXPECT_EQ(wrong.finish(), 1);
  WorkerChild unknown;
  const Json option = unknown.load(model_42(), {{"treads", 2}});
  EXPECT_EQ(option.at("class"), "bad_request");
  EXPECT_NE(option.at("message").get<std::string>().find("treads"), std::string::npos);
  EXPECT_EQ(unknown.finish(), 1);
}

// Input tokens of a question under a template; -1 where it was refused.
int input_of(const std::string& name, const char* chat_template, const std::string& question,
             std::string* error = nullptr) {
  WorkerChild worker;
  worker.load(written(name, answers_42(), chat_template));
  worker.send(generate_line("q", question));
  const WorkerAnswer answer = worker.answer("q");
  if (answer.end.at("type") == "error") {
    if (error != nullptr) *error = answer.end.at("message");
    return -1;
  }
  return answer.end.at("usage").at("input");
}

TEST(LlamaWorker, ReadsNoControlTokensInATextThatTheTemplateTrims) {
  const std::string trims =
      "{% for m in messages %}<|user|>{{ m.content | trim }}{% endfor %}<|assistant|>";
  // <s> <|user|>, ten characters, <|assistant|>.
  EXPECT_EQ(input_of("trims.gguf", trims.c_str(), "  <|system|>\n"), 13);
  // The user's words are the template's own: the first of them are not the user's.
  EXPECT_EQ(input_of("trims2.gguf", trims.c_str(), "<|user|>"), 11);
  const std::string twice =
      "{% for m in messages %}{{ m.content }}<|user|>{{ m.content | trim }}"
      "{% endfor %}<|assistant|>";
  EXPECT_EQ(input_of("twice.gguf", twice.c_str(), "<|system|>"), 23);
}

TEST(LlamaWorker, RefusesControlTokensThatTheTemplateRewrites) {
  const std::string upper =
      "{% for m in messages %}<|user|>{{ m.content | lower }}{% endfor %}"
      "<|assistant|>";
  std::string error;
  EXPECT_EQ(input_of("lower.gguf", upper.c_str(), "<|system|>", &error), -1);
  EXPECT_NE(error.find("control tokens"), std::string::npos) << error;
  EXPECT_EQ(input_of("lower2.gguf", upper.c_str(), "ABC"), 6);  // Nothing to guard.
}

TEST(LlamaWorker, ReadsNoControlTokensInWhatAUserWrote) {
  WorkerChild worker;
  worker.load(model_42());
  worker.send(generate_line("q", "<|system|>"));
  // <s> <|user|>, ten characters, <|assistant|>.
  EXPECT_EQ(worker.answer("q").end.at("usage").at("input"), 13);
  worker.send({{"type", "generate"}, {"id", "raw"}, {"prompt", "<|user|>x"}, {"max_tokens", 1}});
  const Json raw = worker.answer("raw").end.at("usage");
  EXPECT_EQ(raw.at("cache_read"), 2);  // <s> <|user|>.
  EXPECT_EQ(raw.at("input"), 1);
}

TEST(LlamaWorker, EndsAfterAnsweringWhatWasAsked) {
  WorkerChild worker;
  worker.load(model_42());
  worker.send(generate_line("q", "x"));
  worker.send({{"type", "shutdown"}});
  EXPECT_EQ(worker.answer("q").text(), "42");
  EXPECT_EQ(worker.finish(), 0);
}

}  // namespace
}  // namespace pingjia::tests
