#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/stats/interval.h"
#include "harness/summary/pairing.h"

namespace pingjia::harness {

struct ParityOptions {
  double margin = 0;         ///< Of accuracy, as a share: 0.02 is two points.
  double confidence = 0.95;  ///< Of the intervals; each one-sided test has half of the rest.
  /// Which suites ("suite/protocol") count; all of them where it is empty.
  std::function<bool(const std::string&)> belongs;
};

/// A margin with its unit: "2pt", "1.5 points", "2pp" are points of accuracy. Throws Error for a
/// bare number, for "%", which could mean points or a share of the accuracy, and for what is not
/// between 0 and 100 points.
double parse_margin(std::string_view text);

enum class ParityVerdict {
  kNotWorse,   ///< Worse by less than the margin, if at all.
  kWorse,      ///< Worse by more than the margin.
  kUndecided,  ///< These questions do not say.
  kRefused,    ///< Not comparable; `why` says why.
};
std::string_view verdict_name(ParityVerdict verdict);

/// How many times the model's amount is the reference's; without a value, `why` says why.
struct CostRatio {
  std::optional<double> value;
  std::optional<Interval> interval;  ///< 95 %, paired bootstrap over questions.
  std::string why;
};

/// The difference on one suite; no verdict, which is one for all of them.
struct SuiteDifference {
  std::string suite;
  std::int64_t paired = 0;
  double difference = 0;
  std::optional<Interval> interval;
};

/// One model against the reference.
struct ParityRow {
  std::string model;
  ParityVerdict verdict = ParityVerdict::kRefused;
  std::string why;              ///< Of a refusal.
  std::int64_t paired = 0;      ///< Questions (and repeats) marked on both sides.
  std::int64_t only_model = 0;  ///< Only the model was right.
  std::int64_t only_reference = 0;
  std::int64_t unpaired = 0;      ///< Marked on one side only: left out.
  std::int64_t other_prompt = 0;  ///< Asked with another prompt on each side: left out.
  double accuracy_model = 0;
  double accuracy_reference = 0;
  double difference = 0;  ///< accuracy(model) - accuracy(reference)
  std::optional<Interval> interval;
  double p_not_worse = 1;  ///< One-sided, Holm's over the models.
  double p_worse = 1;
  double p_equivalent = 1;        ///< Two one-sided tests, of this model alone.
  double minimum_detectable = 0;  ///< A difference that so many questions find 4 times of 5.
  /// Questions that would decide 4 times of 5 if the difference stays; of undecided verdicts.
  std::optional<std::int64_t> deciding;
  CostRatio per_token;    ///< USD per token, input and output as they came.
  CostRatio per_correct;  ///< USD per right answer, every attempt counted.
  std::string pricing;    ///< How each side is priced.
  std::string method;
  std::vector<SuiteDifference> suites;
};

struct Parity {
  std::string reference;
  double margin = 0;
  double confidence = 0;
  std::vector<std::string> suites;  ///< Those that had pairs.
  std::vector<ParityRow> rows;      ///< In the order given.
  std::vector<std::string> notes;
};

/// Which of `models` are not worse than `reference` by the margin or more, and at what fraction of
/// its cost. One-sided paired score tests at (1 - confidence) / 2 each, the level that ICH E9
/// (1998, section 3.3.2) asks of non-inferiority, so that the verdict of one model and its
/// two-sided interval agree; with several models, Holm's correction over the models for each of the
/// two claims. A model is refused where no question or less than half of those that both sides
/// answered was put in the same words. Pure. Throws Error when a system is not in its run.
Parity judge_parity(const ComparedSystem& reference, std::span<const ComparedSystem> models,
                    const ParityOptions& options);

/// What a buyer can quote of one row.
std::string parity_sentence(const Parity& parity, const ParityRow& row);

/// 0.0526 with [0.0435, 0.0625] as "1/19 [1/23, 1/16]"; 1.3 as "1.30".
std::string ratio_text(const CostRatio& ratio);
/// A share as points: "−0.4"; with its interval: "−0.4 [−1.8, 1.1]".
std::string points_text(double share, const std::optional<Interval>& interval = {},
                        double margin = 0);

nlohmann::json to_json(const Parity& parity);

}  // namespace pingjia::harness
