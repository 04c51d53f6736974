#include <fmt/format.h>

#include <algorithm>

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

// The place of a run's system among the contestants.
std::size_t place_of(const Page& page, const harness::RunView& run, const std::string& system) {
  const auto found =
      std::find_if(page.contestants.begin(), page.contestants.end(),
                   [&](const Contestant& one) { return one.run == &run && one.system == system; });
  return static_cast<std::size_t>(found - page.contestants.begin());
}

void write_pairs(std::string& out, const Page& page, const harness::RunView& run) {
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"pairs\"><thead><tr><th "
      "class=\"l\">A</th>"
      "<th class=\"l\">B</th><th>{}</th><th>{}</th><th>p</th><th>{}</th><th>{}</th><th>{}</th>"
      "<th>{}</th></tr></thead><tbody>\n",
      tr("A − B, points"), tr("detectable, points"), tr("cost per correct, A over B"),
      tr("questions of both"), tr("only A right"), tr("only B right"));
  for (const auto& pair : run.summary.comparisons) {
    out += fmt::format(
        "<tr data-a=\"{}\" data-b=\"{}\"><th class=\"l\" scope=\"row\">{}</th><th "
        "class=\"l\">{}</th>",
        place_of(page, run, pair.a), place_of(page, run, pair.b), shown(pair.a), shown(pair.b));
    out += pair_cell(pair, "difference", 100, 1) + pair_cell(pair, "minimum_detectable", 100, 1) +
           pair_cell(pair, "p_value", 1, 4) + pair_cell(pair, "cost_ratio", 1, -1) +
           pair_cell(pair, "paired", 1, 0) + pair_cell(pair, "only_a", 1, 0) +
           pair_cell(pair, "only_b", 1, 0) + "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

void write_side(std::string& out, const Page& page, const char* side, std::size_t chosen) {
  out += fmt::format("<label>{} <select data-state=\"{}\">", side, side[0] == 'A' ? "a" : "b");
  for (const auto& one : page.contestants) {
    out += fmt::format("<option{}>{}</option>", one.series == chosen ? " selected" : "",
                       escape(one.label));
  }
  out += "</select></label>";
}

// Two systems question by question: the script fills it from the samples, of several runs too.
void write_pair(std::string& out, const Page& page) {
  out += "<div id=\"pair\" hidden><p class=\"choice\">";
  write_side(out, page, "A", 0);
  write_side(out, page, "B", 1);
  out +=
      "</p><div class=\"pair-numbers\"></div><div class=\"pair-flips\"></div>"
      "<div class=\"pair-answers\" tabindex=\"-1\" hidden></div></div>\n";
}

}  // namespace

void write_compare_section(std::string& out, const Page& page) {
  bool any = false;
  for (const auto& run : page.runs) any = any || !run.summary.comparisons.empty();
  if (page.contestants.size() > 1) write_pair(out, page);
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
    write_pairs(out, page, run);
  }
  out += fmt::format("<p><a href=\"#only=split\" class=\"to-samples\">{}</a></p>\n",
                     tr("The answers where the systems differ"));
}

}  // namespace pingjia::reports
