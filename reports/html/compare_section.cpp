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

struct Pair {
  const Contestant* a = nullptr;
  const Contestant* b = nullptr;
  const PairRow* row = nullptr;
};

const Contestant* contestant(const Page& page, const std::string& directory,
                             const std::string& system) {
  const auto found =
      std::find_if(page.contestants.begin(), page.contestants.end(), [&](const Contestant& one) {
        return one.run->directory == directory && one.system == system;
      });
  return found == page.contestants.end() ? nullptr : &*found;
}

std::vector<Pair> pairs_within(const Page& page, const harness::RunView& run) {
  std::vector<Pair> pairs;
  for (const auto& row : run.summary.comparisons) {
    pairs.push_back(
        {contestant(page, run.directory, row.a), contestant(page, run.directory, row.b), &row});
  }
  return pairs;
}

std::vector<Pair> pairs_across(const Page& page) {
  std::vector<Pair> pairs;
  for (const auto& run : page.runs) {
    for (const auto& row : run.across) {
      pairs.push_back({contestant(page, row.directory, row.pair.a),
                       contestant(page, run.directory, row.pair.b), &row.pair});
    }
  }
  return pairs;
}

void write_pairs(std::string& out, const std::vector<Pair>& pairs) {
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"pairs\"><thead><tr><th "
      "class=\"l\">A</th>"
      "<th class=\"l\">B</th><th>{}</th><th>{}</th><th>p</th><th>{}</th><th>{}</th><th>{}</th>"
      "<th>{}</th></tr></thead><tbody>\n",
      tr("A − B, points"), tr("detectable, points"), tr("cost per correct, A over B"),
      tr("questions of both"), tr("only A right"), tr("only B right"));
  for (const auto& [a, b, row] : pairs) {
    if (a == nullptr || b == nullptr) continue;  // It has no row in the summary.
    out += fmt::format(
        "<tr data-a=\"{}\" data-b=\"{}\"><th class=\"l\" scope=\"row\">{}</th><th "
        "class=\"l\">{}</th>",
        a->series, b->series, escape(a->label), escape(b->label));
    out += pair_cell(*row, "difference", 100, 1) + pair_cell(*row, "minimum_detectable", 100, 1) +
           pair_cell(*row, "p_value", 1, 4) + pair_cell(*row, "cost_ratio", 1, -1) +
           pair_cell(*row, "paired", 1, 0) + pair_cell(*row, "only_a", 1, 0) +
           pair_cell(*row, "only_b", 1, 0) + "</tr>\n";
  }
  out += "</tbody></table></div>\n";
}

// A table for each run, and one for pairs of systems of different runs.
bool write_tables(std::string& out, const Page& page) {
  bool any = false;
  for (const auto& run : page.runs) {
    const auto pairs = pairs_within(page, run);
    if (pairs.empty()) continue;
    if (page.runs.size() > 1) out += fmt::format("<h3>{}</h3>", shown(run.name));
    write_pairs(out, pairs);
    any = true;
  }
  const auto across = pairs_across(page);
  if (across.empty()) return any;
  out += fmt::format("<h3>{}</h3>", tr("Systems of different runs"));
  write_pairs(out, across);
  return true;
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
  std::string tables;
  const bool any = write_tables(tables, page);
  if (any) {
    out +=
        paragraph("soft",
                  "Question by question, over everything both were marked on: the difference of "
                  "accuracy with its 95 % interval, the smallest difference that so many questions "
                  "find four times of five, and McNemar's exact test.");
  }
  if (page.contestants.size() > 1) write_pair(out, page);
  if (!any) {
    out += paragraph("reason", "No pairs: fewer than two systems answered the same questions.");
    return;
  }
  out += tables;
  out += fmt::format("<p><a href=\"#only=split\" class=\"to-samples\">{}</a></p>\n",
                     tr("The answers where the systems differ"));
}

}  // namespace pingjia::reports
