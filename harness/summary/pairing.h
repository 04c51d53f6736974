#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "harness/stats/paired.h"
#include "harness/summary/row_facts.h"
#include "harness/summary/summary.h"

namespace pingjia::harness {

/// One side of a comparison: a system of a run.
struct ComparedSystem {
  const SummaryInput* run = nullptr;
  std::string system;
  std::string label;  ///< How rows name it: "run:system".
};

/// One question under one protocol, asked once: suite, sample, repeat.
using QuestionKey = std::tuple<std::string, std::string, int>;

/// One side's answer to it, and what all its attempts cost.
struct Answer {
  const AttemptFacts* last = nullptr;  ///< The attempt that was scored.
  Money cost;
  bool cost_known = true;
  std::int64_t tokens = 0;  ///< Input and output, of all attempts.
  bool tokens_known = true;

  bool marked() const { return last != nullptr && is_marked(last->score->outcome); }
  bool right() const { return last->score->outcome == outcome::kRight; }
};

struct Side {
  std::vector<AttemptFacts> attempts;
  std::map<QuestionKey, Answer> answers;  ///< Refers to `attempts`.
};

/// Throws Error when the system is not in its run.
Side side_of(const ComparedSystem& compared);

struct Pair {
  const Answer* a;
  const Answer* b;
};

/// Questions marked on both sides and asked in the same words of both.
struct Pairs {
  std::vector<Pair> pairs;      ///< Sorted by unit, so that no journal's order moves a rounding.
  bool clustered = false;       ///< Some unit has more than one pair.
  std::int64_t unpaired = 0;    ///< Marked on one side only: left out.
  std::vector<Pair> otherwise;  ///< Asked with another prompt on each side: left out of `pairs`.
};

/// Pairs of the suites ("suite/protocol") that `belongs` takes.
Pairs pair_up(const Side& a, const Side& b, const std::function<bool(const std::string&)>& belongs);

/// Whether both were asked the same in the same words.
bool same_prompt(const Request& a, const Request& b);

PairedCounts counts_of(const Pairs& pairs);

/// The pairs' marks, 1 where right, and their units: what clustered tests take.
struct PairedMarks {
  std::vector<double> a;
  std::vector<double> b;
  std::vector<std::int64_t> units;
};
PairedMarks marks_of(const Pairs& pairs);

/// Costs, tokens and right answers of both sides, summed by unit.
struct UnitSums {
  std::vector<double> cost_a, tokens_a, right_a;
  std::vector<double> cost_b, tokens_b, right_b;
};
/// Of the pairs that `takes` takes.
UnitSums sum_by_unit(const Pairs& pairs, const std::function<bool(const Pair&)>& takes);

}  // namespace pingjia::harness
