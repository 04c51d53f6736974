#pragma once

#include <optional>
#include <string>
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

struct Summary {
  std::string run;
  std::vector<SummaryRow> rows;
  std::vector<std::string> notes;
  /// Why systems must not be ranked by cost, a sentence for each unpriced one; none: they may.
  std::vector<std::string> no_ranking;
};

/// The metric called `tag`, or null.
const Metric* find_metric(const SummaryRow& row, const std::string& tag);

}  // namespace pingjia::harness
