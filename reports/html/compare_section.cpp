#include <fmt/format.h>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Metric;
using harness::PairRow;

namespace {

constexpr double kLeastP = 1e-4;  // Smaller ones are not told apart.

// A metric of a pair: shown times `factor`, exact in its attributes.
std::string pair_cell(const PairRow& pair, std::string_view tag, double factor, int decimals) {
  const Metric* metric = harness::find_metric(pair.metrics, tag);
  if (metric == nullptr || !metric->value) {
    return fmt::format("<td title=\"{}\">{}</td>", metric == nullptr ? "" : shown(metric->maker),
                       kUnknown);
  }
  const auto number = [&](double value) -> std::string {
    if (tag == "p_value" && value < kLeastP) return "&lt;0.0001";
    return decimals < 0 ? significant(value * factor)
                        : fmt::format("{:.{}f}", value * factor, decimals);
  };
  std::string interval;
  std::string bounds;
  if (metric->low && metric->high) {
    interval = fmt::format(" <span class=\"ci\">[{}, {}]</span>", number(*metric->low),
                           number(*metric->high));
    bounds = fmt::format(" data-low=\"{}\" data-high=\"{}\"", *metric->low, *metric->high);
  }
  return fmt::format("<td data-pair=\"{}\" data-value=\"{}\"{} title=\"{}\">{}{}</td>", escape(tag),
                     *metric->value, bounds, shown(metric->maker), number(*metric->value),
                     interval);
}

void write_pairs(std::string& out, const harness::RunView& run) {
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"pairs\"><thead><tr><th "
      "class=\"l\">A</th>"
      "<th class=\"l\">B</th><th>{}</th><th>{}</th><th>p</th><th>{}</th><th>{}</th><th>{}</th>"
      "<th>{}</th></tr></thead><tbody>\n",
      tr("A − B, points"), tr("detectable, points"), tr("cost per correct, A over B"),
      tr("questions of both"), tr("only A right"), tr("only B right"));
  for (const auto& pair : run.summary.comparisons) {
    out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th><th class=\"l\">{}</th>",
                       shown(pair.a), shown(pair.b));
    out += pair_cell(pair, "difference", 100, 1) + pair_cell(pair, "minimum_detectable", 100, 1) +
           pair_cell(pair, "p_value", 1, 4) + pair_cell(pair, "cost_ratio", 1, -1) +
           pair_cell(pair, "paired", 1, 0) + pair_cell(pair, "only_a", 1, 0) +
           pair_cell(pair, "only_b", 1, 0) + "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

}  // namespace

void write_compare_section(std::string& out, const Page& page) {
  bool any = false;
  for (const auto& run : page.runs) any = any || !run.summary.comparisons.empty();
  if (!any) {
    out += paragraph("reason",
                     "No pairs: fewer than two systems of a run answered the same questions.");
    return;
  }
  out +=
      paragraph("soft",
                "Question by question, over everything both were marked on: the difference of "
                "accuracy with its 95 % interval, the smallest difference that so many questions "
                "find four times of five, and McNemar's exact test. Several runs are compared by "
                "pingjia compare and pingjia parity.");
  for (const auto& run : page.runs) {
    if (run.summary.comparisons.empty()) continue;
    if (page.runs.size() > 1) out += fmt::format("<h3>{}</h3>", shown(run.name));
    write_pairs(out, run);
  }
  out += fmt::format("<p><a href=\"#only=split\" class=\"to-samples\">{}</a></p>\n",
                     tr("The answers where the systems differ"));
}

}  // namespace pingjia::reports
