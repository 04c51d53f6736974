#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/score/score.h"
#include "harness/stats/interval.h"
#include "harness/summary/pairing.h"

namespace pingjia::harness {

/// A question whose outcome changed.
struct Flip {
  std::string suite;
  std::string sample;
  int repeat = 0;
  std::string outcome_a;
  std::string outcome_b;
  bool prompt_changed = false;  ///< Asked in other words; such a question is in no statistic.
  bool text_changed = false;    ///< Answered otherwise: text, or log-likelihoods.
  bool grader_changed = false;  ///< Marked by another scorer or version of it.

  /// What explains it: "prompt" before "text" before "grader"; "gold or options" where none of
  /// them changed.
  std::string_view why() const;
};

/// a against b on the questions of one suite that both have marks for, or on all of them ("*").
struct ComparisonRow {
  std::string suite;
  std::int64_t paired = 0;  ///< Questions (and repeats) marked on both sides.
  std::int64_t only_a = 0;  ///< a right, b not.
  std::int64_t only_b = 0;
  std::int64_t unpaired = 0;      ///< Marked on one side only: left out.
  std::int64_t other_prompt = 0;  ///< Asked with another prompt on each side: left out.
  std::optional<double> accuracy_a;
  std::optional<double> accuracy_b;
  std::optional<double> difference;  ///< accuracy(a) - accuracy(b)
  std::optional<Interval> interval;  ///< 95 %, paired.
  std::optional<double> p_value;     ///< McNemar's exact test; nothing with repeats or clusters.
  /// The smallest difference this many questions find four times of five.
  std::optional<double> minimum_detectable;
  std::optional<double> cost_ratio;  ///< USD per right answer, a over b.
  std::optional<Interval> cost_ratio_interval;
  std::string method;       ///< Which interval and which test.
  std::vector<Flip> flips;  ///< By sample, those asked differently too; none in the row "*", which
                            ///< would repeat them.
};

struct Comparison {
  std::string label_a;
  std::string label_b;
  std::vector<ComparisonRow> rows;  ///< By suite, then "*".
  std::vector<std::string> notes;
};

/// One row of it: two sides on one suite, or on all of them ("*"). Pure.
ComparisonRow compare_sides(const std::string& suite, const Side& a, const Side& b,
                            std::uint64_t seed);

/// Pure. Throws Error when a side's system is not in its run or nothing can be paired.
Comparison compare(const ComparedSystem& a, const ComparedSystem& b);

nlohmann::json to_json(const Comparison& comparison);

}  // namespace pingjia::harness
