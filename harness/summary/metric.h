#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

enum class Better { kHigher, kLower, kNeither };

/// One number that describes itself: reports format by unit and know no metric by name, except to
/// choose which to show. A missing value is unknown, and `maker` says why.
struct Metric {
  std::string tag;   ///< Stable, such as "accuracy"; `pingjia help metrics` lists them.
  std::string name;  ///< For people.
  std::string unit;  ///< "fraction", "s", "tokens/s", "count", "USD", "USD/Mtok", "hours", …
  Better better = Better::kNeither;
  std::optional<double> value;
  std::optional<double> low;  ///< 95 % interval.
  std::optional<double> high;
  std::string maker;  ///< Who says so: clock, counter, price row and date, method.
};

/// One system on one suite ("suite/protocol"), or on everything it ran (suite "*").
struct SummaryRow {
  std::string system;
  std::string suite;
  bool test_double = false;
  std::string price_basis;  ///< "api": billed by token; "machine": by the hour; "unknown".
  std::vector<Metric> metrics;
  std::vector<std::string> notes;  ///< What a reader must know: refusals, disagreements.
};

/// Two systems of a run on the questions that both were marked on.
struct PairRow {
  std::string a;
  std::string b;
  std::string suite;  ///< "suite/protocol", or "*" for everything.
  std::vector<Metric>
      metrics;  ///< "difference" is accuracy(a) - accuracy(b); harness/summary/README.md.
};

/// Whether a system is at parity with the most accurate one.
struct ParityMark {
  std::string system;
  std::string verdict;          ///< "not worse", "worse", "undecided" or "refused".
  std::string why;              ///< Of a refusal.
  std::vector<Metric> metrics;  ///< "difference" from the reference; "cost_ratio" to it; "paired"
                                ///< questions; "deciding" ones, of an undecided verdict.
};
struct ParityMarks {
  std::string reference;  ///< The most accurate system; empty where nothing can be judged.
  double margin = 0;      ///< As a share: 0.02 is two points.
  std::vector<ParityMark> marks;
};

struct Summary {
  std::string run;
  std::vector<SummaryRow> rows;
  std::vector<std::string> notes;
  /// Why systems must not be ranked by cost, a sentence for each unpriced one; none: they may.
  std::vector<std::string> no_ranking;
  std::vector<PairRow> comparisons;  ///< Every pair on everything, in the order of the rows.
  ParityMarks parity;
};

/// The metric called `tag`, or null.
const Metric* find_metric(const SummaryRow& row, const std::string& tag);
const Metric* find_metric(const std::vector<Metric>& metrics, std::string_view tag);

}  // namespace pingjia::harness
