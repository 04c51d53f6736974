#include "kernels/comparison/comparison_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace pingjia::kernels {

namespace {

using nlohmann::json;

constexpr std::array kOrder{Verdict::kSlow, Verdict::kFast, Verdict::kUnclear, Verdict::kSame};

std::string time_text(double seconds) {
  constexpr std::array<std::pair<double, const char*>, 3> kUnits{
      {{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}}};
  for (const auto& [unit, name] : kUnits) {
    if (seconds >= unit) return fmt::format("{:.4g} {}", seconds / unit, name);
  }
  return fmt::format("{:.4g} ns", seconds / 1e-9);
}

std::string percent(double ratio) {
  return std::isfinite(ratio) ? fmt::format("{:+.1f}", 100 * (ratio - 1)) : "?";
}

std::string row_text(const RowComparison& row) {
  auto line = fmt::format("{:8} {:>7} % [{}, {}]  {} -> {}", verdict_name(row.verdict),
                          percent(row.ratio), percent(row.interval.low), percent(row.interval.high),
                          time_text(row.seconds_a), time_text(row.seconds_b));
  if (row.cycle_ratio) line += fmt::format(", cycles {} %", percent(*row.cycle_ratio));
  line += "  " + row.name;
  if (!row.note.empty()) line += "\n         " + row.note;
  return line + "\n";
}

void append(std::string& out, const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n{}:\n", title);
  for (const auto& line : lines) out += "  " + line + "\n";
}

json number_or_null(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

}  // namespace

std::string comparison_text(const TableComparison& comparison) {
  std::string out;
  for (const Verdict verdict : kOrder) {
    for (const auto& row : comparison.rows) {
      if (row.verdict == verdict) out += row_text(row);
    }
  }
  append(out, "No result on both sides", comparison.not_compared);
  append(out, "Only in A", comparison.only_a);
  append(out, "Only in B", comparison.only_b);
  append(out, "Measured under other conditions (A / B)", comparison.other_context);
  out += out.empty() ? "" : "\n";
  out += fmt::format("{} rows compared:", comparison.rows.size());
  for (const Verdict verdict : kOrder) {
    out += fmt::format(" {} {}", comparison.count(verdict), verdict_name(verdict));
  }
  return out + fmt::format("; shift between processes {:.1f} %\n", 100 * comparison.shift);
}

json comparison_json(const TableComparison& comparison) {
  json rows = json::array();
  for (const auto& row : comparison.rows) {
    rows.push_back({{"name", row.name},
                    {"verdict", verdict_name(row.verdict)},
                    {"note", row.note},
                    {"seconds_a", row.seconds_a},
                    {"seconds_b", row.seconds_b},
                    {"ratio", row.ratio},
                    {"low", number_or_null(row.interval.low)},
                    {"high", number_or_null(row.interval.high)},
                    {"cycle_ratio", row.cycle_ratio ? json(*row.cycle_ratio) : json(nullptr)}});
  }
  return {{"schema_version", 1},
          {"rows", std::move(rows)},
          {"not_compared", comparison.not_compared},
          {"only_a", comparison.only_a},
          {"only_b", comparison.only_b},
          {"other_context", comparison.other_context},
          {"shift", comparison.shift},
          {"failed", comparison.failed()}};
}

}  // namespace pingjia::kernels
