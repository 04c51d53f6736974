#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/html/sections.h"
#include "reports/html/words.h"
#include "reports/markup.h"
#include "reports/svg/accuracy_price.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Metric;
using harness::SummaryRow;

namespace {

struct Shown {
  std::vector<const Contestant*> who;  // Of each point.
  std::vector<PricePoint> points;
  std::vector<std::string> absent;
};

std::optional<double> scaled(const std::optional<double>& value, double factor) {
  return value ? std::optional(*value * factor) : std::nullopt;
}

Shown points_for(const Page& page, const std::string& suite, const Column& price) {
  Shown shown;
  for (const auto& one : page.contestants) {
    const SummaryRow* row = one.row(suite);
    if (row == nullptr) continue;
    const Metric* cost = metric_of(*row, price.tag);
    const Metric* accuracy = metric_of(*row, "accuracy");
    // Neither nothing nor the unknown has a place on a log axis.
    if (cost == nullptr || !cost->value || *cost->value <= 0 || accuracy == nullptr ||
        !accuracy->value) {
      shown.absent.push_back(one.label);
      continue;
    }
    shown.who.push_back(&one);
    shown.points.push_back({one.label + (one.test_double ? " (test double)" : ""), one.series,
                            *cost->value * price.factor, scaled(cost->low, price.factor),
                            scaled(cost->high, price.factor), *accuracy->value, accuracy->low,
                            accuracy->high});
  }
  return shown;
}

std::string table_of(const Page& page, const std::string& suite, const Column& price,
                     const Shown& on_chart) {
  const Column accuracy = column_for("accuracy", page.rows);
  std::string out = fmt::format(
      "<table><thead><tr><th class=\"l\">system</th><th>{}</th><th>accuracy</th><th class=\"l\">on "
      "the "
      "front</th></tr></thead><tbody>",
      escape(price.title()));
  const auto front = on_chart.points.empty() ? std::vector<bool>() : front_of(on_chart.points);
  for (const auto& one : page.contestants) {
    const SummaryRow* row = one.row(suite);
    if (row == nullptr) continue;
    const char* place = "not on the chart";
    for (std::size_t i = 0; i < on_chart.who.size(); ++i) {
      if (on_chart.who[i] == &one) place = front[i] ? "yes" : "no";
    }
    out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>{}{}<td class=\"l\">{}</td></tr>",
                       name_with_mark(one), value_cell(price, *row), value_cell(accuracy, *row),
                       place);
  }
  return out + "</tbody></table>";
}

std::string why_none(const Page& page) {
  if (page.contestants.empty()) return "the run has no results.";
  if (const std::string why = why_nothing_came(page.contestants); !why.empty()) return why + ".";
  return "no system has both an accuracy and a price; the notes say what is missing.";
}

Figure price_figure(const Page& page, const std::string& suite, const std::string& tag,
                    const std::string& title, const std::vector<Canvas>& canvases) {
  std::vector<const SummaryRow*> rows;
  for (const auto& one : page.contestants) {
    if (const SummaryRow* row = one.row(suite)) rows.push_back(row);
  }
  const Column price = column_for(tag, rows);
  const Shown on_chart = points_for(page, suite, price);
  Figure figure;
  figure.id = figure_id("price-" + tag + "-" + suite);
  figure.title = title;
  if (on_chart.points.empty()) {
    figure.reason = why_none(page);
  } else {
    for (const auto& canvas : canvases) {
      figure.svg += accuracy_price_svg(on_chart.points, price.heading, canvas);
    }
    if (!on_chart.absent.empty()) {
      figure.aside = tr("Not on the chart, price or accuracy unknown or zero: {}.",
                        {fmt::format("{}", fmt::join(on_chart.absent, ", "))});
    }
  }
  if (!rows.empty()) figure.table = table_of(page, suite, price, on_chart);
  return figure;
}

void write_legend(std::string& out, const Page& page) {
  out += "<ul class=\"legend\">";
  for (const auto& one : page.contestants) out += "<li>" + name_with_mark(one) + "</li>";
  out += "</ul>\n";
}

void write_overall(std::string& out, const Page& page) {
  if (!same_suites(page.contestants)) {
    out +=
        paragraph("reason",
                  "No chart over all suites: the systems did not run the same ones. The charts by "
                  "suite compare those that did.");
    return;
  }
  out += "<div class=\"charts\">";
  write_figure(out,
               price_figure(page, "*", "usd_per_correct",
                            tr("Accuracy against the cost of a correct answer"), {kWide, kNarrow}));
  write_figure(out, price_figure(page, "*", "usd_per_mtok_blended",
                                 tr("Accuracy against the price of a million tokens, blended"),
                                 {kWide, kNarrow}));
  out += "</div>\n";
}

}  // namespace

void write_price_section(std::string& out, const Page& page) {
  out +=
      paragraph("soft",
                "Up is more often right, left is cheaper; prices are on a log axis. Bars are 95 % "
                "intervals. The dashed staircase is the most accuracy each price buys: a system "
                "below it is beaten by one that is cheaper and at least as accurate.");
  if (page.contestants.size() > 0) write_legend(out, page);
  write_overall(out, page);
  if (page.suites.size() > 1) {
    out += fmt::format("<h3>{}</h3><div class=\"charts small\">",
                       tr("By suite: accuracy against the cost of a correct answer"));
    for (const auto& suite : page.suites) {
      write_figure(out, price_figure(page, suite, "usd_per_correct", shown(suite), {kSmall}));
    }
    out += "</div>\n";
  }
}

}  // namespace pingjia::reports
