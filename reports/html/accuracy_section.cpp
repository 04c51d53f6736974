#include <fmt/format.h>

#include <map>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Metric;
using harness::SummaryRow;

namespace {

// Above this share of answers without a mark of their own a score says more of the extraction than
// of the model.
constexpr double kMostLost = 0.02;

double count_of(const SummaryRow& row, std::string_view tag) {
  const Metric* metric = metric_of(row, tag);
  return metric != nullptr && metric->value ? *metric->value : 0;
}

// "7 parse-failed, 2 truncated", with a sign where they are many; empty where there are none.
std::string losses(const SummaryRow& row) {
  const double parse_failed = count_of(row, "parse_failed");
  const double truncated = count_of(row, "truncated");
  const double total = count_of(row, "total");
  if (parse_failed + truncated == 0) return "";
  const bool many = total > 0 && (parse_failed + truncated) / total > kMostLost;
  return fmt::format("<small>{}{}</small>", many ? "⚠ " : "",
                     tr("{} parse-failed, {} truncated",
                        {fmt::format("{:.0f}", parse_failed), fmt::format("{:.0f}", truncated)}));
}

std::string accuracy_cell(const Column& column, const SummaryRow& row) {
  std::string cell = value_cell(column, row);
  cell.insert(cell.size() - 5, losses(row));  // Before "</td>".
  return cell;
}

void write_row(std::string& out, const Page& page, const Column& column, const std::string& suite) {
  out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>",
                     suite == "*" ? tr("all suites") : shown(suite));
  for (const auto& one : page.contestants) {
    const SummaryRow* row = one.row(suite);
    const bool own = row != nullptr && row->suite == suite;
    out += own ? accuracy_cell(column, *row) : fmt::format("<td>{}</td>", kUnknown);
  }
  out += "</tr>\n";
}

void write_matrix(std::string& out, const Page& page) {
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"matrix\"><thead><tr><th "
      "class=\"l\">{}</th>",
      tr("suite and protocol"));
  for (const auto& one : page.contestants) {
    out += fmt::format("<th scope=\"col\">{}</th>", name_with_mark(one));
  }
  out += "</tr></thead><tbody>\n";
  const Column column = column_for("accuracy", page.rows);
  write_row(out, page, column, "*");
  for (const auto& suite : page.suites) write_row(out, page, column, suite);
  out += "</tbody></table></div>\n";
}

// The accuracy of the system that the published score is of, where it ran here.
std::string ours(const Page& page, const harness::RunView& run,
                 const harness::PublishedView& published) {
  for (const auto& one : page.contestants) {
    if (one.run != &run || published.system.empty() || one.system != published.system) continue;
    const SummaryRow* row = one.row(published.suite);
    if (row != nullptr) return value_cell(column_for("accuracy", page.rows), *row);
  }
  return fmt::format("<td>{}</td>", kUnknown);
}

void write_published(std::string& out, const Page& page) {
  std::string rows;
  for (const auto& run : page.runs) {
    for (const auto& score : run.published) {
      rows += fmt::format(
          "<tr><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}</td><td>{}</td>{}"
          "<td class=\"l\">{}</td></tr>\n",
          shown(score.suite), shown(score.model), significant(score.score), ours(page, run, score),
          shown(score.source));
    }
  }
  if (rows.empty()) return;
  out += fmt::format("<h3>{}</h3>", tr("What others published under these protocols"));
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"l\">{}</th>"
      "<th class=\"l\">{}</th><th>{}</th><th>{}</th><th class=\"l\">{}</th></tr></thead><tbody>\n{}"
      "</tbody></table></div>\n",
      tr("suite and protocol"), tr("Model"), tr("published, of 100"), tr("here, as a share"),
      tr("source"), rows);
}

// Which rule of extraction found the answers: a suite whose answers come by the last resort of its
// chain measures the chain.
void write_rules(std::string& out, const Page& page) {
  std::map<std::pair<std::string, std::string>, std::int64_t> hits;  // By suite and rule.
  for (const auto& run : page.runs) {
    for (const auto& sample : run.samples) {
      if (!sample.rule.empty()) ++hits[{sample.record.key.suite, sample.rule}];
    }
  }
  if (hits.empty()) return;
  std::string rows;
  for (const auto& [key, count] : hits) {
    rows += fmt::format(
        "<tr><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}</td><td>{}</td></tr>\n",
        shown(key.first), shown(key.second), count);
  }
  out += fmt::format(
      "<details class=\"paper\"><summary>{}</summary><div class=\"scroll\" tabindex=\"0\"><table>"
      "<thead><tr><th class=\"l\">{}</th><th class=\"l\">{}</th><th>{}</th></tr></thead><tbody>\n{}"
      "</tbody></table></div></details>\n",
      tr("Which rule found the answers"), tr("suite and protocol"), tr("Rule"), tr("Answers"),
      rows);
}

}  // namespace

void write_accuracy_section(std::string& out, const Page& page) {
  if (page.rows.empty()) {
    out += paragraph("reason", "No results: nothing was asked, or no answer has been scored.");
    return;
  }
  out += paragraph("soft",
                   "The protocol is part of every score's name: scores under different ones do not "
                   "compare. Answers in which nothing was found, and those cut off, count as not "
                   "right; ⚠ marks where they are more than 2 %.");
  write_matrix(out, page);
  write_budget_figure(out, page);
  write_published(out, page);
  write_rules(out, page);
}

}  // namespace pingjia::reports
