#include "reports/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace pingjia::reports {

using harness::Metric;
using harness::SummaryRow;
using Rows = std::span<const SummaryRow* const>;

namespace {

enum class When { kAlways, kNotZero, kInCharts };

// An interval beside every number would make the table twice as wide: what carries the verdict and
// what only charts show has one.
bool shows_interval(std::string_view tag) {
  return tag == "accuracy" || tag == "usd_per_correct" || tag == "usd_per_task";
}

struct Choice {
  std::string_view tag;
  Block block;
  std::string_view heading;
  When when;
};

// What people see. A metric that is not here is still in summary.json, in CSV and in JSON.
constexpr Choice kChoices[] = {
    {"total", Block::kQuality, "asked", When::kAlways},
    {"accuracy", Block::kQuality, "accuracy", When::kAlways},
    {"answered", Block::kQuality, "answered", When::kAlways},
    {"parse_failed", Block::kQuality, "parse-failed", When::kAlways},
    {"truncated", Block::kQuality, "truncated", When::kAlways},
    {"think_budget_exhausted", Block::kQuality, "thought out", When::kNotZero},
    {"failed", Block::kQuality, "failed", When::kAlways},
    {"refused", Block::kQuality, "refused", When::kNotZero},
    {"undecided", Block::kQuality, "undecided", When::kNotZero},
    {"unsupported", Block::kQuality, "unsupported", When::kNotZero},
    {"ttft_p50", Block::kSpeed, "TTFT p50", When::kAlways},
    {"ttft_p99", Block::kSpeed, "TTFT p99", When::kAlways},
    {"tpot_p50", Block::kSpeed, "TPOT p50", When::kAlways},
    {"tpot_p99", Block::kSpeed, "TPOT p99", When::kAlways},
    {"output_tokens_per_s", Block::kSpeed, "output tokens/s", When::kAlways},
    {"cpu_hours", Block::kCost, "CPU-hours", When::kNotZero},
    {"gpu_hours", Block::kCost, "GPU-hours", When::kNotZero},
    {"usd_per_mtok_input", Block::kCost, "$/Mtok input", When::kAlways},
    {"usd_per_mtok_output", Block::kCost, "$/Mtok output", When::kAlways},
    {"usd_per_mtok_blended", Block::kCost, "$/Mtok blended", When::kAlways},
    {"usd_per_correct", Block::kCost, "$ per correct answer", When::kAlways},
    {"output_tokens_per_answer", Block::kSpeed, "output tokens per answer", When::kInCharts},
    {"usd_per_task", Block::kCost, "$ per task", When::kInCharts},
    {"energy_per_output_token", Block::kCost, "J per output token", When::kNotZero},
    {"energy_per_correct", Block::kCost, "J per correct answer", When::kNotZero},
};

double largest(Rows rows, std::string_view tag) {
  double most = 0;
  for (const auto* row : rows) {
    const Metric* metric = metric_of(*row, tag);
    if (metric != nullptr && metric->value) most = std::max(most, std::abs(*metric->value));
  }
  return most;
}

// Of those above zero; zero when there is none.
double smallest(Rows rows, std::string_view tag) {
  double least = 0;
  for (const auto* row : rows) {
    const Metric* metric = metric_of(*row, tag);
    if (metric == nullptr || !metric->value || *metric->value <= 0) continue;
    least = least == 0 ? *metric->value : std::min(least, *metric->value);
  }
  return least;
}

bool seen(Rows rows, std::string_view tag) {
  return largest(rows, tag) > 0;
}

double narrowest_interval(Rows rows, std::string_view tag) {
  double least = 1;
  for (const auto* row : rows) {
    const Metric* metric = metric_of(*row, tag);
    if (metric == nullptr || !metric->low || !metric->high) continue;
    least = std::min(least, *metric->high - *metric->low);
  }
  return least;
}

void choose_time(Column& column, double most) {
  column.unit = "s";
  if (most > 0 && most < 1e-3) {
    column.factor = 1e6;
    column.unit = "µs";
  } else if (most > 0 && most < 1) {
    column.factor = 1e3;
    column.unit = "ms";
  }
}

// A cent for a thousand answers reads better than $0.00001 each.
void choose_answers(Column& column, double least, std::string_view answers) {
  if (least <= 0 || least >= 0.01) return;
  const bool millions = least < 1e-5;
  column.factor = millions ? 1e6 : 1e3;
  column.heading = fmt::format("$ per {} {}", millions ? "1M" : "1,000", answers);
}

Column make_column(const Choice& choice, Rows rows) {
  Column column;
  column.tag = choice.tag;
  column.block = choice.block;
  column.heading = choice.heading;
  column.interval = shows_interval(choice.tag);
  for (const auto* row : rows) {
    if (const Metric* metric = metric_of(*row, choice.tag)) {
      column.unit_tag = metric->unit;
      column.better = metric->better;
      break;
    }
  }
  const double most = largest(rows, choice.tag);
  // A column without any value takes the unit of its median, not another one.
  const std::string median = column.tag.substr(0, column.tag.rfind('_')) + "_p50";
  if (column.unit_tag == "s") choose_time(column, most > 0 ? most : largest(rows, median));
  if (column.unit_tag == "count") column.decimals = 0;
  if (column.unit_tag == "fraction") {
    column.decimals = narrowest_interval(rows, choice.tag) < 0.02 ? 3 : 2;
  }
  if (choice.tag == "usd_per_correct") {
    choose_answers(column, smallest(rows, choice.tag), "correct");
  }
  if (choice.tag == "usd_per_task") choose_answers(column, smallest(rows, choice.tag), "tasks");
  return column;
}

// Thousands separated in the whole part.
std::string group_digits(std::string digits) {
  const std::size_t start = digits.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > start + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string fixed(double value, int decimals) {
  return group_digits(fmt::format("{:.{}f}", value, decimals));
}

int significant_decimals(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  return std::clamp(2 - magnitude, 0, 12);
}

}  // namespace

std::string_view block_name(Block block) {
  switch (block) {
    case Block::kQuality:
      return "quality";
    case Block::kSpeed:
      return "speed";
    case Block::kCost:
      return "cost";
  }
  return "";
}

std::string Column::title() const {
  return unit.empty() ? heading : heading + ", " + unit;
}

std::vector<Column> columns_for(Rows rows) {
  std::vector<Column> columns;
  for (const auto& choice : kChoices) {
    if (choice.when == When::kInCharts) continue;
    if (choice.when == When::kNotZero && !seen(rows, choice.tag)) continue;
    columns.push_back(make_column(choice, rows));
  }
  return columns;
}

Column column_for(std::string_view tag, Rows rows) {
  for (const auto& choice : kChoices) {
    if (choice.tag == tag) return make_column(choice, rows);
  }
  return make_column({tag, Block::kQuality, tag, When::kAlways}, rows);
}

const Metric* metric_of(const SummaryRow& row, std::string_view tag) {
  return harness::find_metric(row, std::string(tag));
}

std::string significant(double value) {
  return fixed(value, significant_decimals(value));
}

std::string format_value(const Column& column, double value) {
  const double shown = value * column.factor;
  return column.decimals >= 0 ? fixed(shown, column.decimals) : significant(shown);
}

std::string format_metric(const Column& column, const Metric* metric) {
  if (metric == nullptr || !metric->value) return std::string(kUnknown);
  std::string text = format_value(column, *metric->value);
  if (!column.interval || (!metric->low && !metric->high)) return text;
  // The bounds take the value's decimals: [0.80, 0.86] beside 0.83.
  const double shown = *metric->value * column.factor;
  const int decimals = column.decimals >= 0 ? column.decimals : significant_decimals(shown);
  const auto bound = [&](const std::optional<double>& value) {
    return value ? fixed(*value * column.factor, decimals) : std::string(kUnknown);
  };
  return text + fmt::format(" [{}, {}]", bound(metric->low), bound(metric->high));
}

std::string format_cell(const Column& column, const SummaryRow& row) {
  return format_metric(column, metric_of(row, column.tag));
}

std::string_view better_name(harness::Better better) {
  switch (better) {
    case harness::Better::kHigher:
      return "higher";
    case harness::Better::kLower:
      return "lower";
    case harness::Better::kNeither:
      return "neither";
  }
  return "neither";
}

std::string suite_title(std::string_view suite) {
  return suite == "*" ? "all suites" : std::string(suite);
}

}  // namespace pingjia::reports
