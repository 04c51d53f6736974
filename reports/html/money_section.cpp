#include <fmt/format.h>

#include <cmath>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/svg/waterfall.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Metric;
using harness::SummaryRow;

namespace {

struct Part {
  const char* tag;
  const char* name;
};

// Disjoint; those that are known sum to the cost.
constexpr Part kParts[] = {{"cost_first_tries", "first tries"},
                           {"cost_reasoning", "reasoning"},
                           {"cost_retries", "retries"},
                           {"cost_failures", "failures"},
                           {"cost_idle", "idle machine"}};
constexpr Part kTotal{"cost", "cost"};
constexpr Part kSavings{"cache_savings", "saved by caching"};

std::optional<double> value_of(const SummaryRow& row, const char* tag) {
  const Metric* metric = metric_of(row, tag);
  return metric == nullptr ? std::nullopt : metric->value;
}

// Dollars, or thousandths or millionths of one where `most` is that small.
Column dollars(const Part& part, double most) {
  Column column;
  column.tag = part.tag;
  column.heading = part.name;
  column.unit = "USD";
  if (most > 0 && most < 1e-3) {
    column.factor = 1e6;
    column.unit = "µUSD";
  } else if (most > 0 && most < 1) {
    column.factor = 1e3;
    column.unit = "mUSD";
  }
  return column;
}

double most_of(const std::vector<const SummaryRow*>& rows) {
  double most = 0;
  for (const auto* row : rows) most = std::max(most, value_of(*row, kTotal.tag).value_or(0));
  return most;
}

Waterfall fall_of(const Contestant& one, const SummaryRow& row, double factor) {
  Waterfall fall;
  fall.label = one.label;
  fall.series = one.series;
  for (const auto& part : kParts) {
    const double amount = value_of(row, part.tag).value_or(0);
    if (amount > 0) fall.steps.push_back({part.name, amount * factor});
  }
  fall.total_name = kTotal.name;
  fall.total = *value_of(row, kTotal.tag) * factor;
  fall.savings_name = kSavings.name;
  const double savings = value_of(row, kSavings.tag).value_or(0);
  if (savings != 0) fall.savings = savings * factor;
  return fall;
}

std::string table_of(const SummaryRow& row, double most) {
  std::string out =
      fmt::format("<table><thead><tr><th class=\"l\">{}</th><th>{}</th></tr></thead><tbody>",
                  tr("part"), dollars(kTotal, most).unit);
  const auto add = [&](const Part& part) {
    out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>{}</tr>", tr(part.name),
                       value_cell(dollars(part, most), row));
  };
  for (const auto& part : kParts) add(part);
  add(kTotal);
  add(kSavings);
  return out + "</tbody></table>";
}

std::string basis_of(const SummaryRow& row) {
  if (row.price_basis == "api") return tr("Billed by the token");
  if (row.price_basis == "machine") return tr("Billed by the machine's hour");
  return tr("Without a price");
}

std::string why_no_fall(const SummaryRow& row) {
  const Metric* cost = metric_of(row, kTotal.tag);
  if (cost == nullptr) return "the summary has no cost.";
  if (!cost->value) return "the cost is unknown: " + visible(cost->maker) + ".";
  return "it cost nothing.";
}

void write_fall(std::string& out, const Contestant& one) {
  Figure figure;
  figure.id = figure_id("money-" + std::to_string(one.series));
  figure.title = name_with_mark(one);
  if (one.overall == nullptr) {
    figure.reason = "no row stands for all that it ran.";
    write_figure(out, figure);
    return;
  }
  const SummaryRow& row = *one.overall;
  const double total = value_of(row, kTotal.tag).value_or(0);
  figure.subtitle = basis_of(row);
  if (total > 0) {
    const Column column = dollars(kTotal, total);
    const Waterfall fall = fall_of(one, row, column.factor);
    const std::size_t rows = fall.steps.size() + (fall.savings ? 2 : 1);
    figure.svg = waterfall_svg(fall, column.title(), waterfall_canvas(rows));
    if (!value_of(row, "cost_reasoning")) {
      figure.aside = tr("Reasoning is not told apart here: it is in the first tries.");
    }
  } else {
    figure.reason = why_no_fall(row);
  }
  figure.table = table_of(row, total);
  write_figure(out, figure);
}

void write_rows(std::string& out, const Page& page, const std::string& suite, double most) {
  std::string rows;
  for (const auto& one : page.contestants) {
    const SummaryRow* row = one.row(suite);
    if (row == nullptr || row->suite != suite) continue;
    rows += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>{}", name_with_mark(one),
                        value_cell(dollars(kTotal, most), *row));
    for (const auto& part : kParts) rows += value_cell(dollars(part, most), *row);
    rows += value_cell(dollars(kSavings, most), *row) + "</tr>";
  }
  if (rows.empty()) return;
  out += fmt::format(
      "<tbody><tr><th class=\"l\" colspan=\"{}\" scope=\"rowgroup\">{}</th></tr>\n{}</tbody>\n",
      std::size(kParts) + 3, shown(suite_title(suite)), rows);
}

// Suite by suite, in one unit, so that rows can be compared by eye.
void write_by_suite(std::string& out, const Page& page) {
  const double most = most_of(page.rows);
  out += fmt::format(
      "<details class=\"by-suite paper\"><summary>{}</summary><div class=\"scroll\" tabindex=\"0\">"
      "<table><thead><tr><th class=\"l\">{}</th><th>{}</th>",
      tr("By suite and system, in {}", {dollars(kTotal, most).unit}), tr("system"),
      tr(kTotal.name));
  for (const auto& part : kParts) out += "<th>" + tr(part.name) + "</th>";
  out += "<th>" + tr(kSavings.name) + "</th></tr></thead>\n";
  write_rows(out, page, "*", most);
  for (const auto& suite : page.suites) write_rows(out, page, suite, most);
  out += "</table></div></details>\n";
}

}  // namespace

void write_money_section(std::string& out, const Page& page) {
  out += paragraph(
      "soft",
      "What each system's cost is made of, over all that it ran. The steps sum to the cost; the "
      "hollow bar, beside the sum, is what cached input would have cost more as fresh input. "
      "A machine is idle while it waits for requests between the first and the last; loading it is "
      "not in the cost.");
  out += paragraph("soft",
                   "No model judged the answers: they are marked by rules, so that nothing was "
                   "spent on a judge.");
  if (page.contestants.empty()) {
    Figure figure;
    figure.id = "money-none";
    figure.title = tr("Where the money went");
    figure.reason = "the run has no results.";
    write_figure(out, figure);
    return;
  }
  out += "<div class=\"charts small\">";
  for (const auto& one : page.contestants) write_fall(out, one);
  out += "</div>\n";
  write_by_suite(out, page);
}

}  // namespace pingjia::reports
