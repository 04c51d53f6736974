#include "harness/score/score.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

// Takes the last run of digits: a small real scorer.
class LastNumber final : public Scorer {
 public:
  Grade grade(const Question& question, std::string_view answer) const override {
    const auto end = answer.find_last_of("0123456789");
    if (end == std::string_view::npos) return {};
    const auto begin = answer.find_last_not_of("0123456789", end);
    const std::string found(answer.substr(begin == std::string_view::npos ? 0 : begin + 1,
                                          end - (begin == std::string_view::npos ? -1 : begin)));
    return {found == question.gold ? Verdict::kRight : Verdict::kWrong, found, "last number"};
  }
  std::string_view version() const override { return "1"; }
};

const Sample kSample{"a1", "12+34=", "46", {}, ""};
Protocol protocol_of(const std::string& name, Mode mode, const std::string& scorer) {
  Protocol protocol;
  protocol.name = name;
  protocol.mode = mode;
  protocol.scorer = scorer;
  return protocol;
}

const Protocol kProtocol = protocol_of("generate", Mode::kGenerate, "numeric");

Record record_of(const std::string& text, Finish finish = Finish::kStop) {
  Record record;
  record.key = {"dense", "arithmetic/generate", "a1", 0, 0};
  record.completion.text = text;
  record.completion.finish = finish;
  return record;
}

std::optional<Score> score_of(const Record& record) {
  return score_record(record, kSample, kProtocol, LastNumber());
}

TEST(ScoreRecord, CarriesTheScorersVerdict) {
  const auto score = score_of(record_of("it is 46"));
  ASSERT_TRUE(score);
  EXPECT_EQ(score->outcome, "right");
  EXPECT_EQ(score->extracted, "46");
  EXPECT_EQ(score->rule, "last number");
  EXPECT_EQ(score->scorer, "numeric");
  EXPECT_EQ(score->scorer_version, "1");
  EXPECT_EQ(score->key.sample, "a1");
  EXPECT_EQ(score_of(record_of("45"))->outcome, "wrong");
  EXPECT_EQ(score_of(record_of("I cannot say"))->outcome, "parse_failed");
}

TEST(ScoreRecord, MarksACutAnswerWhereOneCanBeFound) {
  EXPECT_EQ(score_of(record_of("46, because", Finish::kLength))->outcome, "right");
  EXPECT_EQ(score_of(record_of("45, because", Finish::kLength))->outcome, "wrong");
  EXPECT_EQ(score_of(record_of("let me think", Finish::kLength))->outcome, "truncated");
}

TEST(ScoreRecord, TellsThinkingThatUsedUpTheBudget) {
  EXPECT_EQ(score_of(record_of("<think>so", Finish::kLength))->outcome, "think_budget_exhausted");
  EXPECT_EQ(score_of(record_of("<think>so", Finish::kStop))->outcome, "parse_failed");
  Record record = record_of("", Finish::kLength);
  EXPECT_EQ(score_of(record)->outcome, "truncated");
  record.completion.reasoning = "so";
  EXPECT_EQ(score_of(record)->outcome, "think_budget_exhausted");
}

TEST(ScoreRecord, NeverMarksARefusal) {
  EXPECT_EQ(score_of(record_of("46", Finish::kRefusal))->outcome, "refused");
  EXPECT_EQ(score_of(record_of("46", Finish::kContentFilter))->outcome, "refused");
}

TEST(ScoreRecord, NeverTakesAFailureForAWrongAnswer) {
  Record record = record_of("4");
  const auto outcome = [&](FailureClass kind) {
    record.completion.failure.emplace().kind = kind;
    return score_of(record)->outcome;
  };
  EXPECT_EQ(outcome(FailureClass::kTruncatedStream), "failed");
  EXPECT_EQ(outcome(FailureClass::kRateLimit), "failed");
  EXPECT_EQ(outcome(FailureClass::kContextOverflow), "failed");
  EXPECT_EQ(outcome(FailureClass::kUnsupported), "unsupported");
  EXPECT_EQ(outcome(FailureClass::kContentFilter), "refused");
  EXPECT_EQ(score_of(record)->rule, "content_filter");
  record.completion.failure.emplace().kind = FailureClass::kCancelled;
  EXPECT_FALSE(score_of(record));
}

TEST(ScoreRecord, MarksContinuationsBySumOrByByte) {
  const Sample sample{"a1", "", "B", {"x", "longer"}, ""};
  Protocol protocol = protocol_of("likely", Mode::kLoglikelihood, "choice");
  Record record = record_of("");
  record.completion.scores = {{-2.0, 1, 1, false}, {-6.0, 3, 6, false}};
  EXPECT_EQ(score_record(record, sample, protocol, LastNumber())->outcome, "wrong");
  protocol.per_byte = true;
  EXPECT_EQ(score_record(record, sample, protocol, LastNumber())->outcome, "right");
}

Suite suite() {
  Suite suite;
  suite.name = "arithmetic";
  suite.samples = {kSample};
  return suite;
}

TEST(ScoreRecords, MarksLastAttemptsOfItsProtocolOnly) {
  std::vector<Record> records{record_of("45"), record_of("46"), record_of("46")};
  records[0].last_attempt = false;
  records[1].key.attempt = 1;
  records[2].key.suite = "arithmetic/other";
  const auto scores = score_records(records, suite(), kProtocol, LastNumber());
  ASSERT_EQ(scores.size(), 1U);
  EXPECT_EQ(scores[0].key.attempt, 1);
  EXPECT_EQ(scores[0].outcome, "right");
}

TEST(ScoreRecords, NumbersTheClassesOfEqualAnswers) {
  std::vector<Record> records;
  for (const auto* text : {"46", "45", "it is 46", "none"}) {
    records.push_back(record_of(text));
    records.back().key.repeat = static_cast<int>(records.size()) - 1;
  }
  const auto scores = score_records(records, suite(), kProtocol, LastNumber());
  ASSERT_EQ(scores.size(), 4U);
  EXPECT_EQ(scores[0].answer_class, 0);
  EXPECT_EQ(scores[1].answer_class, 1);
  EXPECT_EQ(scores[2].answer_class, 0);
  EXPECT_FALSE(scores[3].answer_class);
}

TEST(ScoreRecords, RefusesASuiteThatLacksASample) {
  std::vector<Record> records{record_of("45")};
  records[0].key.sample = "gone";
  EXPECT_THROW(score_records(records, suite(), kProtocol, LastNumber()), Error);
}

TEST(Score, SurvivesJson) {
  const Score first = score_of(record_of("it is \xff 46")).value();
  const Score again = score_from_json(to_json(first), "scores.jsonl");
  EXPECT_EQ(to_json(again), to_json(first));
  EXPECT_EQ(again.key, first.key);
  const Score none = score_of(record_of("?")).value();
  EXPECT_FALSE(score_from_json(to_json(none), "t").extracted);
}

TEST(Score, OfAnotherShapeIsRefused) {
  nlohmann::json line = to_json(score_of(record_of("46")).value());
  line["verdict"] = "splendid";
  EXPECT_THROW(score_from_json(line, "t"), Error);
  EXPECT_THROW(score_from_json(nlohmann::json::object(), "t"), Error);
}

}  // namespace
}  // namespace pingjia::harness
