#include <fmt/format.h>

#include <algorithm>

#include "harness/summary/latency.h"
#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/svg/latency_ecdf.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Metric;
using harness::SampleView;
using harness::SummaryRow;

namespace {

// Seconds from when the request was due to its first text; only streams have one.
std::optional<double> ttft_of(const SampleView& sample) {
  const auto& timeline = sample.record.completion.timeline;
  if (sample.record.completion.failure || !timeline.first_token) return std::nullopt;
  return harness::seconds(*timeline.first_token - timeline.due);
}

// By the summary's own definition, so that its median lies on the curve.
std::optional<double> tpot_of(const SampleView& sample) {
  if (sample.record.completion.failure) return std::nullopt;
  return harness::tpot_of(sample.record.completion);
}

using Latency = std::optional<double> (*)(const SampleView&);

struct Kind {
  const char* id;
  const char* title;
  const char* subtitle;
  const char* axis;
  const char* p50;
  const char* p99;
  Latency of;
};

constexpr Kind kKinds[] = {
    {"ttft", "Time to the first token (TTFT)",
     "From when a request was due. Marks stand at the median.", "TTFT", "ttft_p50", "ttft_p99",
     ttft_of},
    {"tpot", "Time per output token (TPOT)", "After the first. Marks stand at the median.", "TPOT",
     "tpot_p50", "tpot_p99", tpot_of}};

std::vector<double> values_of(const Contestant& one, const Kind& kind, double factor) {
  std::vector<double> values;
  for (const auto& sample : one.run->samples) {
    if (sample.record.key.system != one.system) continue;
    if (sample.record.request.mode != harness::Mode::kGenerate) continue;
    const auto value = kind.of(sample);
    if (value) values.push_back(*value * factor);
  }
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<LatencySeries> series_of(const Page& page, const Kind& kind, const Column& column) {
  std::vector<LatencySeries> all;
  for (const auto& one : page.contestants) {
    LatencySeries series{one.label, one.series, values_of(one, kind, column.factor), std::nullopt};
    const Metric* p50 = one.overall == nullptr ? nullptr : metric_of(*one.overall, kind.p50);
    if (p50 != nullptr && p50->value) series.p50 = *p50->value * column.factor;
    all.push_back(std::move(series));
  }
  return all;
}

std::string quantile_cell(const LatencySeries& one, double share) {
  if (one.values.empty()) return "<td>" + std::string(kUnknown) + "</td>";
  return "<td>" + significant(nearest_rank(one.values, share)) + "</td>";
}

std::string table_of(const Page& page, const Kind& kind, const Column& column,
                     const std::vector<LatencySeries>& all) {
  std::string out = fmt::format(
      "<table><thead><tr><th class=\"l\">system</th><th>answers</th><th>p10</th><th>p25</th>"
      "<th>p50</th><th>p75</th><th>p90</th><th>p99</th></tr></thead><caption class=\"soft\">{}; "
      "p99 "
      "needs 662 answers</caption><tbody>",
      escape(column.unit));
  Column counts;
  counts.decimals = 0;
  Column p50 = column;
  p50.interval = true;
  Column p99 = p50;
  p99.tag = kind.p99;
  const SummaryRow none;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Contestant& one = page.contestants[i];
    const SummaryRow& row = one.overall == nullptr ? none : *one.overall;
    out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th><td>{}</td>", name_with_mark(one),
                       format_value(counts, static_cast<double>(all[i].values.size())));
    out += quantile_cell(all[i], 0.1) + quantile_cell(all[i], 0.25) + value_cell(p50, row) +
           quantile_cell(all[i], 0.75) + quantile_cell(all[i], 0.9) + value_cell(p99, row) +
           "</tr>";
  }
  return out + "</tbody></table>";
}

std::string why_none(const Page& page) {
  if (page.contestants.empty()) return "the run has no results.";
  if (const std::string why = why_nothing_came(page.contestants); !why.empty()) return why + ".";
  return "no answer came as a timed stream of tokens.";
}

void write_kind(std::string& out, const Page& page, const Kind& kind) {
  const Column column = column_for(kind.p50, page.rows);
  const auto all = series_of(page, kind, column);
  Figure figure;
  figure.id = kind.id;
  figure.title = tr(kind.title);
  figure.subtitle = tr(kind.subtitle);
  const bool any = std::any_of(all.begin(), all.end(), [](const LatencySeries& one) {
    return !one.values.empty() && one.values.back() > 0;
  });
  if (any) {
    const std::string axis =
        fmt::format("{}, {}", kind.axis, column.unit.empty() ? "s" : column.unit);
    for (const auto& canvas : {kWide, kNarrow}) figure.svg += latency_ecdf_svg(all, axis, canvas);
  } else {
    figure.reason = why_none(page);
  }
  if (!all.empty()) figure.table = table_of(page, kind, column, all);
  write_figure(out, figure);
}

}  // namespace

void write_latency_figures(std::string& out, const Page& page) {
  out += fmt::format("<h3>{}</h3>", tr("Latency"));
  out += paragraph("soft",
                   "Each curve shows which share of a system's answers came within a time: further "
                   "left is faster, steeper is steadier.") +
         "<div class=\"charts\">";
  for (const auto& kind : kKinds) write_kind(out, page, kind);
  out += "</div>\n";
}

}  // namespace pingjia::reports
