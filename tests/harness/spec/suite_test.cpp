#include "harness/spec/suite.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/sha256.h"

namespace pingjia::harness {
namespace {

using Path = std::filesystem::path;

// A folder of its own for each test, with the two folders a user has: suites and data.
class SuiteTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = Path(testing::TempDir()) / ("pingjia_suite_test_" + std::to_string(getpid()));
    std::filesystem::create_directories(root_ / "suites");
    std::filesystem::create_directories(root_ / "data");
    folders_ = {root_ / "suites"};
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  Path write(const Path& file, const std::string& text) {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file, std::ios::binary) << text;
    return root_ / file;
  }
  // A suite file around its protocols and samples.
  void write_suite(const std::string& protocols, const std::string& rest) {
    write("suites/toy.json", R"({"schema_version": 1, "name": "toy", "title": "Toy", // comment
       "licence": "Apache-2.0", "source": "a test", "protocols": [)" +
                                 protocols + "], " + rest + "}");
  }
  Suite load(const std::string& name = "toy") { return load_suite(name, folders_); }
  std::string error_of(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  std::string load_error(const std::string& protocols, const std::string& rest) {
    write_suite(protocols, rest);
    return error_of([this] { load(); });
  }

  static constexpr auto kPlain = R"({"name": "p", "mode": "generate", "scorer": "numeric"})";
  static constexpr auto kOne = R"("samples": [{"id": "a", "question": "1+1=", "gold": "2"}])";
  static constexpr auto kChoice = R"("samples": [{"id": "a", "question": "Which?", "gold": "B",
                                      "choices": ["one", "two"]}])";

  Path root_;
  std::vector<Path> folders_;
};

#define EXPECT_HAS(text, part) \
  EXPECT_NE(std::string(text).find(part), std::string::npos) << std::string(text)

TEST_F(SuiteTest, LoadsEveryField) {
  write_suite(R"({"name": "few", "help": "Two shots.", "mode": "generate", "system": "Be brief.",
      "prompt": "Q: {question}\n{choices}A:", "choice_line": "({letter}) {choice}\n",
      "shots": [{"id": "s", "question": "Shot?", "gold": "A", "choices": ["x", "y"]}],
      "shot_answer": "{gold}: {choice}", "max_tokens": 16, "temperature": 0.6, "top_p": 0.95,
      "top_k": 40, "stop": ["\n"], "scorer": "choice", "scorer_options": {"match": "first"}})",
              R"("samples": [{"id": "a", "question": "Which?", "gold": "B",
                  "choices": ["one", "two"], "cluster": "c"}])");
  const auto suite = load();
  EXPECT_EQ(suite.name, "toy");
  EXPECT_EQ(suite.title, "Toy");
  EXPECT_EQ(suite.licence, "Apache-2.0");
  EXPECT_EQ(suite.source, "a test");
  EXPECT_EQ(suite.sha256.size(), 64U);
  ASSERT_EQ(suite.samples.size(), 1U);
  EXPECT_EQ(suite.samples[0].cluster, "c");
  const auto& protocol = find_protocol(suite, "", "test");
  EXPECT_EQ(protocol.help, "Two shots.");
  EXPECT_EQ(protocol.sampling.max_tokens, 16);
  EXPECT_EQ(protocol.sampling.temperature, 0.6);
  EXPECT_EQ(protocol.sampling.top_p, 0.95);
  EXPECT_EQ(protocol.sampling.top_k, 40);
  EXPECT_EQ(protocol.sampling.stop, std::vector<std::string>{"\n"});
  EXPECT_EQ(protocol.scorer, "choice");
  EXPECT_EQ(protocol.scorer_options, R"({"match":"first"})");

  const auto request = make_request(suite, protocol, suite.samples[0]);
  ASSERT_EQ(request.messages.size(), 4U);
  EXPECT_EQ(request.messages[0].role, "system");
  EXPECT_EQ(request.messages[0].content, "Be brief.");
  EXPECT_EQ(request.messages[1].role, "user");
  EXPECT_EQ(request.messages[1].content, "Q: Shot?\n(A) x\n(B) y\nA:");
  EXPECT_EQ(request.messages[2].role, "assistant");
  EXPECT_EQ(request.messages[2].content, "A: x");
  EXPECT_EQ(request.messages[3].role, "user");
  EXPECT_EQ(request.messages[3].content, "Q: Which?\n(A) one\n(B) two\nA:");
  EXPECT_TRUE(request.continuations.empty());
  EXPECT_EQ(request.sampling.max_tokens, 16);
}

TEST_F(SuiteTest, LoglikelihoodScoresEachChoice) {
  write_suite(R"({"name": "ll", "mode": "loglikelihood", "prompt": "{question} {A} or {B}?",
                  "continuation": " {letter}: {choice}"})",
              kChoice);
  const auto suite = load();
  const auto request = make_request(suite, suite.protocols[0], suite.samples[0]);
  EXPECT_EQ(request.mode, Mode::kLoglikelihood);
  ASSERT_EQ(request.messages.size(), 1U);
  EXPECT_EQ(request.messages[0].content, "Which? one or two?");
  EXPECT_EQ(request.continuations, (std::vector<std::string>{" A: one", " B: two"}));
}

TEST_F(SuiteTest, TextOfSamplesIsNeverExpanded) {
  Protocol protocol;
  protocol.prompt = "{{question} {question} \\boxed{} {\"json\": 1} {choices}";
  Sample sample{"a", "What is {gold} in {choices}? {{", "B", {"{letter}", "{gold}"}, ""};
  EXPECT_EQ(make_request({}, protocol, sample).messages[0].content,
            "{question} What is {gold} in {choices}? {{ \\boxed{} {\"json\": 1} "
            "A. {letter}\nB. {gold}\n");
}

TEST_F(SuiteTest, HashIsOfTheContent) {
  write_suite(kPlain, kOne);
  const auto first = load().sha256;
  // Comments and white space ask nothing.
  write("suites/toy.json", R"({"schema_version":1,"name":"toy","title":"Toy","licence":
      "Apache-2.0","source":"a test","protocols":[)" +
                               std::string(kPlain) + "]," + kOne + "}");
  EXPECT_EQ(load().sha256, first);
  write_suite(kPlain, R"("samples": [{"id": "a", "question": "1+1 =", "gold": "2"}])");
  EXPECT_NE(load().sha256, first);
}

TEST_F(SuiteTest, FindsByNameAndByPath) {
  write_suite(kPlain, kOne);
  const auto other = write("more/extra.json", R"({"schema_version": 1, "name": "extra",
      "title": "", "licence": "", "source": "", "protocols": [)" +
                                                  std::string(kPlain) + "], " + kOne + "}");
  write("suites/prices.json", "{}");
  EXPECT_EQ(load(other.string()).name, "extra");
  EXPECT_EQ(load("toy.json").name, "toy");
  folders_.push_back(root_ / "absent");
  folders_.push_back(root_ / "more");
  EXPECT_EQ(list_suites(folders_), (std::vector<std::string>{"extra", "toy"}));
  EXPECT_EQ(error_of([this] { load("toi"); }),
            "suite 'toi': no suite of that name; did you mean 'toy'?");
}

TEST_F(SuiteTest, UnknownProtocolNamesTheNearest) {
  write_suite(kPlain, kOne);
  const auto suite = load();
  EXPECT_EQ(find_protocol(suite, "p", "run.json").name, "p");
  EXPECT_HAS(error_of([&] { find_protocol(suite, "q1", "run.json: suites[0]"); }),
             "run.json: suites[0]: suite 'toy' has no protocol 'q1'");
}

TEST_F(SuiteTest, RefusesWrongSuiteFiles) {
  const std::string plain = kPlain;
  EXPECT_HAS(load_error(R"({"name": "p", "mode": "generate", "scorer": "x", "promt": ""})", kOne),
             "protocols[0]: unknown key 'promt'; did you mean 'prompt'?");
  EXPECT_HAS(load_error(R"({"name": "p", "mode": "generation", "scorer": "x"})", kOne),
             "protocols[0].mode: unknown value 'generation'; did you mean 'generate'?");
  EXPECT_HAS(load_error(R"({"name": "p", "mode": "generate"})", kOne), "missing key 'scorer'");
  EXPECT_HAS(load_error(plain + "," + plain, kOne), "protocol 'p' given twice");
  EXPECT_HAS(load_error("", kOne), "protocols: is empty");
  EXPECT_HAS(load_error(plain, R"("samples": [])"), "has no samples");
  EXPECT_HAS(load_error(plain, R"("smaples": [])"), "either \"samples\" or \"data\"");
  EXPECT_HAS(load_error(R"({"name": "a/b", "mode": "generate", "scorer": "x"})", kOne),
             "'a/b' is no name");
  write("suites/toy.json", R"({"schema_version": 2, "name": "toy"})");
  EXPECT_HAS(error_of([this] { load(); }), "version 2 is newer than this program's 1");
  write("suites/toy.json", "{\n\"schema_version\": 1,,");
  EXPECT_HAS(error_of([this] { load(); }), "toy.json: line 2, column 21");
  write("suites/other.json", R"({"schema_version": 1, "name": "toy", "title": "", "licence": "",
      "source": "", "protocols": [)" +
                                 plain + "], " + kOne + "}");
  EXPECT_HAS(error_of([this] { load("other"); }), "its name is 'toy'");
}

TEST_F(SuiteTest, RefusesWrongSamples) {
  const auto sample = [](const std::string& fields) {
    return "\"samples\": [{\"question\": \"Q\", " + fields + "}]";
  };
  EXPECT_HAS(load_error(kPlain, sample(R"("gold": "1")")), "a sample has no id");
  EXPECT_HAS(load_error(kPlain, sample(R"("id": "a|b", "gold": "1")")), "may not stand in an id");
  EXPECT_HAS(load_error(kPlain, sample(R"("id": "a", "gold": "")")), "gold answer is empty");
  EXPECT_HAS(load_error(kPlain, sample(R"("id": "a", "gold": 1)")), "gold: expected a text");
  EXPECT_HAS(load_error(kPlain, sample(R"("id": "a", "gold": "C", "choices": ["x", "y"])")),
             "gold 'C' is none of its 2 choices; write a letter from A to B");
  EXPECT_HAS(load_error(kPlain, R"("samples": [{"id": "a", "question": "Q", "gold": "1"},
                                               {"id": "a", "question": "R", "gold": "1"}])"),
             "sample 'a': id given twice");
}

TEST_F(SuiteTest, RefusesTemplatesThatAskForMore) {
  const auto with = [](const std::string& fields) {
    return R"({"name": "p", "mode": "generate", "scorer": "x", )" + fields + "}";
  };
  EXPECT_HAS(load_error(with(R"("prompt": "{qestion}")"), kOne),
             "prompt: unknown placeholder {qestion}; did you mean 'question'?");
  // The prompt may not give the answer away.
  EXPECT_HAS(load_error(with(R"("prompt": "{question} {gold}")"), kOne),
             "unknown placeholder {gold}");
  EXPECT_HAS(load_error(with(R"("prompt": "Say yes.")"), kOne), "asks every sample the same");
  EXPECT_HAS(load_error(with(R"("prompt": "{question} {C}")"), kChoice),
             "has 2 choices, but protocol 'p' needs 3 (its prompt holds {C})");
  EXPECT_HAS(load_error(with(R"("prompt": "{question} {choices}")"), kOne),
             "has 0 choices, but protocol 'p' needs 1");
  EXPECT_HAS(load_error(R"({"name": "p", "mode": "loglikelihood"})", kOne),
             "its mode is loglikelihood");
  EXPECT_HAS(load_error(R"({"name": "p", "mode": "loglikelihood", "continuation": "x"})", kChoice),
             "is the same for every choice");
  EXPECT_HAS(load_error(with(R"("shots": [{"question": "1+1=", "gold": "2"}])"), kOne),
             "shots[0]: asks the same as sample 'a'");
  EXPECT_HAS(load_error(with(R"("stop": [""])"), kOne), "empty stop string");
  EXPECT_HAS(load_error(with(R"("max_tokens": 0)"), kOne), "max_tokens: expected at least 1");
}

class ExternalDataTest : public SuiteTest {
 protected:
  void write_external(const std::string& data, const std::string& more = "") {
    write_suite(kPlain, R"("data": {"file": "toy/rows.jsonl", "sha256": ")" + sha256_hex(data) +
                            R"(", "format": "jsonl", "count": 2, "id": "toy-{index}",
        "fields": {"question": "q", "gold": "a"})" +
                            more + "}");
  }
  const std::string rows_ =
      "{\"q\": \"1+1\", \"a\": \"2\", \"x\": 0}\r\n\n{\"q\": \"2+2\", \"a\": 4}";
};

TEST_F(ExternalDataTest, IsFoundInTheFolderAndBesideIt) {
  write_external(rows_);
  for (const auto* place : {"data/toy/rows.jsonl", "suites/data/toy/rows.jsonl",
                            "suites/toy/rows.jsonl", "mine/toy/rows.jsonl"}) {
    const auto file = write(place, rows_);
    folders_ = {root_ / "suites", root_ / "mine"};
    const auto suite = load();
    ASSERT_EQ(suite.samples.size(), 2U) << place;
    EXPECT_EQ(suite.samples[0].id, "toy-0");
    EXPECT_EQ(suite.samples[1].question, "2+2");
    EXPECT_EQ(suite.samples[1].gold, "4");
    std::filesystem::remove(file);
  }
  EXPECT_HAS(error_of([this] { load(); }), "its data file toy/rows.jsonl was not found; put it");
}

TEST_F(ExternalDataTest, ChangedDataIsRefused) {
  write_external(rows_);
  const std::string changed = rows_ + "\n";
  write("data/toy/rows.jsonl", changed);
  const auto message = error_of([this] { load(); });
  EXPECT_HAS(message, "its sha256 is " + sha256_hex(changed));
  EXPECT_HAS(message, "expects " + sha256_hex(rows_));
  EXPECT_HAS(message, "restore the published file");
}

TEST_F(ExternalDataTest, WrongCountAndBrokenRows) {
  const std::string one = "{\"q\": \"1+1\", \"a\": \"2\"}\n";
  write_external(one);
  write("data/toy/rows.jsonl", one);
  EXPECT_HAS(error_of([this] { load(); }), "holds 1 samples, but");
  const std::string broken = one + "{\"q\": \n";
  write_external(broken);
  write("data/toy/rows.jsonl", broken);
  EXPECT_HAS(error_of([this] { load(); }), "rows.jsonl: row 2: line 1");
  const std::string other = one + "{\"q\": \"x\"}\n";
  write_external(other);
  write("data/toy/rows.jsonl", other);
  EXPECT_HAS(error_of([this] { load(); }), "row 2: has no field 'a'");
}

TEST_F(ExternalDataTest, RefusesWrongDefinitions) {
  const auto definition = [this](const std::string& file, const std::string& sha256,
                                 const std::string& rest) {
    return load_error(kPlain, R"("data": {"file": ")" + file + R"(", "sha256": ")" + sha256 +
                                  R"(", "format": "jsonl", "count": 2, )" + rest + "}");
  };
  const std::string hash(64, 'a');
  const std::string fields = R"("fields": {"question": "q", "gold": "a"})";
  EXPECT_HAS(definition("../secret", hash, fields), "leads out of the data folders");
  EXPECT_HAS(definition("/etc/passwd", hash, fields), "leads out of the data folders");
  EXPECT_HAS(definition("x", "abc", fields), "expected 64 lower-case hexadecimal digits");
  EXPECT_HAS(definition("x", hash, fields + R"(, "id": "toy")"), "must hold {index}");
  EXPECT_HAS(definition("x", hash, R"("fields": {"question": "q"})"), "missing key 'gold'");
  EXPECT_HAS(definition("x", "", fields), "has neither \"sha256\" nor \"from\"");
  EXPECT_HAS(definition("x/{subject}", hash, fields), "go with {subject}");
  EXPECT_HAS(definition("x.zip", hash, fields), "goes with an archive");
  EXPECT_HAS(definition("x", hash, fields + R"(, "replace": ["a"])"), "expected [pattern, text]");
}

TEST_F(ExternalDataTest, MapsTemplatesLabelsAndReplacements) {
  const std::string rows =
      R"({"k": "r1", "ctx": " A [title] man", "b": "hE runs", "c": {"text": ["x", "y"],
         "label": ["1", "2"]}, "key": "2", "when": "2025-01-02"})";
  std::string line;
  for (const char c : rows) line += c == '\n' ? ' ' : c;
  write_suite(kPlain, R"("data": {"file": "toy/r.jsonl", "sha256": ")" + sha256_hex(line) + R"(",
      "format": "jsonl", "gold_is": "label",
      "replace": [["^\\s+|\\s+$", ""], [" \\[title\\]", ". ", "question"], ["  ", " "]],
      "fields": {"id": "k", "question": "{ctx} {b:capitalize}", "choices": "c.text", "labels":
                 "c.label", "gold": "key", "date": "when", "subject": "k"}})");
  write("data/toy/r.jsonl", line);
  const auto suite = load();
  ASSERT_EQ(suite.samples.size(), 1U);
  EXPECT_EQ(suite.samples[0].question, "A. man He runs");
  EXPECT_EQ(suite.samples[0].gold, "B");
  EXPECT_EQ(suite.samples[0].date, "2025-01-02");
}

TEST_F(ExternalDataTest, LeavesOutWhatIsExcluded) {
  write_external(rows_, R"(, "exclude": [{"ids": ["toy-0"], "why": "two right answers"}])");
  write("data/toy/rows.jsonl", rows_);
  ASSERT_EQ(load().samples.size(), 1U);
  write_external(rows_, R"(, "exclude": [{"ids": ["toy-9"], "why": "?"}])");
  EXPECT_HAS(error_of([this] { load(); }), "excludes 'toy-9', which is not in the data");
}

TEST_F(SuiteTest, ShotsComeFromThePoolOfTheSubject) {
  write_suite(R"({"name": "p", "mode": "generate", "scorer": "x", "shots_as": "text",
      "preamble": "On {subject}.\n", "shot_answer": " {gold}",
      "shots": {"count": 2, "same_subject": true}})",
              R"("subject_names": {"s_1": "sums"}, "shot_samples": [
      {"id": "x", "question": "P", "gold": "1", "subject": "s_1"},
      {"id": "y", "question": "Q", "gold": "2", "subject": "other"},
      {"id": "z", "question": "R", "gold": "3", "subject": "s_1"},
      {"id": "w", "question": "S", "gold": "4", "subject": "s_1"}],
      "samples": [{"id": "a", "question": "R", "gold": "3", "subject": "s_1"}])");
  const auto suite = load();
  const auto request = make_request(suite, suite.protocols[0], suite.samples[0]);
  ASSERT_EQ(request.messages.size(), 1U);
  // The third asks what is asked: passed over.
  EXPECT_EQ(request.messages[0].content, "On sums.\nP 1\n\nS 4\n\nR");
}

TEST_F(SuiteTest, ShuffledChoicesKeepTheirGoldAndTheirOrder) {
  write_suite(R"({"name": "p", "mode": "generate", "scorer": "x", "shuffle_choices": true})",
              R"("samples": [{"id": "a", "question": "Q", "gold": "A",
                              "choices": ["right", "w1", "w2", "w3"]}])");
  const auto suite = load();
  std::set<std::string> letters;
  for (int repeat = 0; repeat < 40; ++repeat) {
    const auto asked = as_asked(suite.protocols[0], suite.samples[0], repeat);
    EXPECT_EQ(asked.choices[static_cast<std::size_t>(asked.gold[0] - 'A')], "right");
    EXPECT_EQ(asked.choices, as_asked(suite.protocols[0], suite.samples[0], repeat).choices);
    letters.insert(asked.gold);
  }
  EXPECT_EQ(letters.size(), 4U);
}

}  // namespace
}  // namespace pingjia::harness
