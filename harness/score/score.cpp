#include "harness/score/score.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "harness/base/error.h"
#include "harness/base/utf8.h"
#include "harness/score/thinking.h"

namespace pingjia::harness {

namespace {

std::string_view outcome_of_failure(FailureClass failure) {
  switch (failure) {
    case FailureClass::kUnsupported:
      return outcome::kUnsupported;
    case FailureClass::kContentFilter:
      return outcome::kRefused;
    default:
      return outcome::kFailed;
  }
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// All that came is thought.
bool only_thought(const Completion& completion) {
  if (ends_thinking(completion.text)) return is_blank(without_thinking(completion.text));
  return is_blank(completion.text) && !is_blank(completion.reasoning);
}

std::string_view outcome_of_grade(const Grade& grade, const Completion& completion) {
  if (grade.verdict == Verdict::kParseFailed && completion.finish == Finish::kLength) {
    return only_thought(completion) ? outcome::kThinkBudget : outcome::kTruncated;
  }
  return verdict_name(grade.verdict);
}

// Numbers the classes of equal answers among the scores of each sample.
void number_classes(std::vector<Score>& scores, const Scorer& scorer) {
  std::map<std::pair<std::string, std::string>, std::vector<Score*>> samples;
  for (auto& score : scores) samples[{score.key.system, score.key.sample}].push_back(&score);
  for (const auto& [sample, repeats] : samples) {
    if (repeats.size() < 2) continue;
    std::vector<const std::string*> classes;
    for (Score* score : repeats) {
      if (!score->extracted) continue;
      const auto same = std::find_if(classes.begin(), classes.end(), [&](const auto* other) {
        return *other == *score->extracted || scorer.same_answer(*other, *score->extracted);
      });
      score->answer_class = static_cast<int>(same - classes.begin());
      if (same == classes.end()) classes.push_back(&*score->extracted);
    }
  }
}

Grade grade_of(const Completion& completion, const Sample& sample, const Protocol& protocol,
               const Scorer& scorer) {
  const Question question{sample.gold, sample.choices};
  if (protocol.mode == Mode::kLoglikelihood) {
    return grade_continuations(question, completion.scores, protocol.per_byte);
  }
  return scorer.grade(question, completion.text);
}

}  // namespace

std::optional<Score> score_record(const Record& record, const Sample& sample,
                                  const Protocol& protocol, const Scorer& scorer) {
  const Completion& completion = record.completion;
  Score score{record.key,
              "",
              Verdict::kParseFailed,
              std::nullopt,
              "",
              protocol.scorer,
              std::string(scorer.version()),
              std::nullopt};
  if (completion.failure) {
    const FailureClass failure = completion.failure->kind;
    if (failure == FailureClass::kCancelled) return std::nullopt;
    score.outcome = outcome_of_failure(failure);
    score.rule = failure_name(failure);
    return score;
  }
  if (completion.finish == Finish::kContentFilter || completion.finish == Finish::kRefusal) {
    score.outcome = outcome::kRefused;
    score.rule = finish_name(completion.finish);
    return score;
  }
  Grade grade = grade_of(completion, sample, protocol, scorer);
  score.outcome = outcome_of_grade(grade, completion);
  score.verdict = grade.verdict;
  score.extracted = std::move(grade.extracted);
  score.rule = std::move(grade.rule);
  return score;
}

std::vector<Score> score_records(std::span<const Record> records, const Suite& suite,
                                 const Protocol& protocol, const Scorer& scorer) {
  std::unordered_map<std::string_view, const Sample*> samples;
  for (const auto& sample : suite.samples) samples.emplace(sample.id, &sample);
  const std::string name = suite.name + "/" + protocol.name;

  std::vector<Score> scores;
  for (const auto& record : records) {
    if (!record.last_attempt || record.key.suite != name) continue;
    const auto sample = samples.find(record.key.sample);
    if (sample == samples.end()) {
      throw Error("suite " + suite.name,
                  "has no sample '" + record.key.sample + "', which the records answer",
                  "score with the suite file of the run; run.json names its hash");
    }
    const Sample asked = as_asked(protocol, *sample->second, record.key.repeat);
    if (auto score = score_record(record, asked, protocol, scorer)) {
      scores.push_back(std::move(*score));
    }
  }
  number_classes(scores, scorer);
  return scores;
}

nlohmann::json to_json(const Score& score) {
  nlohmann::json line{{"system", score.key.system},
                      {"suite", score.key.suite},
                      {"sample", score.key.sample},
                      {"repeat", score.key.repeat},
                      {"attempt", score.key.attempt},
                      {"outcome", score.outcome},
                      {"verdict", verdict_name(score.verdict)},
                      {"extracted", nullptr},
                      {"rule", score.rule},
                      {"scorer", score.scorer},
                      {"version", score.scorer_version}};
  if (score.extracted) line["extracted"] = valid_utf8(*score.extracted);
  if (score.answer_class) line["answer_class"] = *score.answer_class;
  return line;
}

Score score_from_json(const nlohmann::json& line, const std::string& where) {
  try {
    Score score;
    score.key = {line.at("system"), line.at("suite"), line.at("sample"), line.at("repeat"),
                 line.at("attempt")};
    score.outcome = line.at("outcome");
    score.verdict = verdict_of(line.at("verdict").get<std::string>()).value();
    if (!line.at("extracted").is_null()) score.extracted = line.at("extracted");
    score.rule = line.at("rule");
    score.scorer = line.at("scorer");
    score.scorer_version = line.at("version");
    if (line.contains("answer_class")) score.answer_class = line.at("answer_class").get<int>();
    return score;
  } catch (const std::exception& problem) {
    throw Error(where, std::string("is no line of scores: ") + problem.what(),
                "score the run again: pingjia score DIR");
  }
}

}  // namespace pingjia::harness
