#include "reports/kernel_lines.h"

#include <fmt/format.h>

#include <map>

#include "reports/columns.h"
#include "reports/kernel_cases.h"
#include "reports/text_grid.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Better;
using harness::KernelRow;
using harness::KernelTable;
using harness::Metric;
using harness::SummaryRow;

namespace {

constexpr std::size_t kWidth = 118;
constexpr std::size_t kLabelWidth = 34;
constexpr std::size_t kNameWidth = 22;

std::string or_unknown(const std::string& text) {
  return text.empty() ? std::string(kUnknown) : text;
}

std::string group_text(const KernelGroup& group) {
  TextGrid grid(2);
  grid.add({elide(group.varying.empty() ? "shape" : group.varying, kLabelWidth), "implementation",
            "time", "FLOP/s", "B/s", "of the roof", "best other"});
  grid.rule();
  bool any = false;
  for (const auto& one : group.cases) {
    for (const auto* row : one.rows) {
      if (row->status != KernelRow::kOk) continue;
      any = true;
      grid.add({elide(one.label, kLabelWidth), elide(visible(row->implementation), kNameWidth),
                time_text(row->seconds->median), or_unknown(flops_text(*row)),
                or_unknown(bytes_text(*row)), percent_text(row->roof_fraction),
                times_text(one.lead(*row))});
    }
  }
  std::string out = fmt::format("\n{} {}\n", visible(group.op), visible(group.type));
  if (!group.fixed.empty()) out += "  " + wrap(group.fixed, kWidth - 2, 2) + "\n";
  return out + (any ? grid.text() : "  No row has a result.\n");
}

std::string missing_text(const KernelTable& table) {
  std::map<std::string, std::size_t> reasons;
  for (const auto& row : table.rows) {
    if (row.status == KernelRow::kOk) continue;
    ++reasons[fmt::format("{} {}: {}", visible(row.implementation),
                          harness::kernel_status_name(row.status), visible(row.reason))];
  }
  std::string out = reasons.empty() ? "" : "\nROWS WITHOUT A RESULT\n";
  for (const auto& [reason, count] : reasons) {
    out += "  " + wrap(fmt::format("{} × {}", count, reason), kWidth - 2, 4) + "\n";
  }
  return out;
}

Metric metric_of(const char* tag, const char* name, const char* unit, Better better,
                 std::optional<double> value, std::string maker) {
  Metric metric;
  metric.tag = tag;
  metric.name = name;
  metric.unit = unit;
  metric.better = better;
  metric.value = value;
  metric.maker = std::move(maker);
  return metric;
}

std::string maker_of_time(const KernelRow& row) {
  if (row.status != KernelRow::kOk) {
    return harness::kernel_status_name(row.status) + ": " + row.reason;
  }
  const std::int64_t samples = row.seconds->samples;
  if (samples == 1) return "one sample";
  return fmt::format("median of {} samples, {}", samples,
                     row.seconds->has_interval() ? "95 % bootstrap" : "too few for an interval");
}

SummaryRow summary_of(const KernelCase& one, const KernelRow& row) {
  SummaryRow line;
  line.system = row.implementation;
  KernelRow alone = row;  // Its name without who did it.
  alone.implementation.clear();
  line.suite = harness::kernel_row_name(alone);
  line.suite.pop_back();  // The last "/".
  const bool ok = row.status == KernelRow::kOk;
  Metric time =
      metric_of("kernel_seconds", "time of one call", "s", Better::kLower,
                ok ? std::optional(row.seconds->median) : std::nullopt, maker_of_time(row));
  if (ok && row.seconds->has_interval()) {
    time.low = row.seconds->low;
    time.high = row.seconds->high;
  }
  line.metrics = {
      time,
      metric_of("kernel_roof_fraction", "share of the roof", "fraction", Better::kHigher,
                ok ? row.roof_fraction : std::nullopt, "roof " + row.roof.value_or("unknown")),
      metric_of("kernel_lead", "time of the best comparator over its own", "ratio", Better::kHigher,
                one.lead(row),
                one.best_other == nullptr ? "no comparator has a result"
                                          : one.best_other->implementation)};
  return line;
}

}  // namespace

std::string kernel_text(const KernelTable& table) {
  std::string out = "KERNELS\n";
  for (const auto& group : kernel_groups(table)) out += group_text(group);
  return out + missing_text(table);
}

std::string kernel_markdown(const KernelTable& table, std::size_t most,
                            std::string (*escape)(std::string_view)) {
  std::string out =
      "\n| op | type | shape | ours | time | of the roof | best other | times as fast |\n"
      "|---|---|---|---|--:|--:|---|--:|\n";
  std::size_t left_out = 0;
  for (const auto& group : kernel_groups(table)) {
    for (const auto& one : group.cases) {
      if (one.best_ours == nullptr) continue;
      const KernelRow& best = *one.best_ours;
      const std::string other = one.best_other == nullptr
                                    ? std::string(kUnknown)
                                    : escape(visible(one.best_other->implementation));
      const std::string line =
          fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", escape(visible(group.op)),
                      escape(visible(group.type)), escape(one.label),
                      escape(visible(best.implementation)), time_text(best.seconds->median),
                      percent_text(best.roof_fraction), other, times_text(one.lead(best)));
      if (out.size() + line.size() > most) {
        ++left_out;
      } else {
        out += line;
      }
    }
  }
  if (left_out > 0) out += fmt::format("\n{} more shapes are in the report.\n", left_out);
  return out;
}

std::vector<SummaryRow> kernel_summary(const KernelTable& table) {
  std::vector<SummaryRow> rows;
  for (const auto& group : kernel_groups(table)) {
    for (const auto& one : group.cases) {
      for (const auto* row : one.rows) rows.push_back(summary_of(one, *row));
    }
  }
  return rows;
}

}  // namespace pingjia::reports
