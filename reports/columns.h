#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/summary/metric.h"

namespace pingjia::reports {

/// Columns stand in blocks; a terminal prints one block under the other.
enum class Block { kQuality, kSpeed, kCost };
inline constexpr Block kBlocks[] = {Block::kQuality, Block::kSpeed, Block::kCost};
std::string_view block_name(Block block);

/// One metric as a column. The unit is chosen once for all rows, so that the numbers of a column
/// can be compared by eye: seconds below one become ms, dollars per answer become dollars per
/// 1,000 or 1M answers.
struct Column {
  std::string tag;
  Block block = Block::kQuality;
  std::string heading;    ///< Without the unit: "TTFT p50".
  std::string unit;       ///< As shown: "ms"; empty where the heading says it.
  std::string unit_tag;   ///< The metric's own unit: "s", "fraction", "USD", …
  double factor = 1;      ///< Shown value = metric's value x factor.
  int decimals = -1;      ///< Fixed; -1 is three significant digits.
  bool interval = false;  ///< Cells show the interval; else only the charts' tables do.
  harness::Better better = harness::Better::kNeither;

  /// "TTFT p50, ms".
  std::string title() const;
};

/// The columns that every human format shows, in their order; the one place that chooses them.
/// Those that only matter when they are not zero (refused, GPU-hours …) are left out otherwise.
std::vector<Column> columns_for(std::span<const harness::SummaryRow* const> rows);

/// The column of one metric, by the same rules; charts name their axes by it.
Column column_for(std::string_view tag, std::span<const harness::SummaryRow* const> rows);

/// The row's metric called `tag`, or null.
const harness::Metric* metric_of(const harness::SummaryRow& row, std::string_view tag);

/// A shown value: "0.83", "1,234", "12.3". `value` is in the metric's own unit.
std::string format_value(const Column& column, double value);

/// The row's value in that column: "0.83 [0.80, 0.86]", "1,234", or "—" when it is unknown.
std::string format_cell(const Column& column, const harness::SummaryRow& row);
std::string format_metric(const Column& column, const harness::Metric* metric);

/// Three significant digits without exponent, thousands separated: 0.0000123, 12.3, 12,300.
std::string significant(double value);

/// "higher", "lower" or "neither", as summary.json spells it.
std::string_view better_name(harness::Better better);

/// "all suites" for "*".
std::string suite_title(std::string_view suite);

inline constexpr std::string_view kUnknown = "—";

}  // namespace pingjia::reports
