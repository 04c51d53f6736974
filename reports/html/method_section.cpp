#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/summary/summary.h"
#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

// What was said of one metric, and of which rows.
using Makers = std::map<std::string, std::vector<std::string>>;

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

// Who made each metric, from all rows: one line a maker, with the systems it made it for.
std::map<std::string, Makers> makers_of(const Page& page) {
  std::map<std::string, Makers> all;
  for (const auto& one : page.contestants) {
    std::vector<const harness::SummaryRow*> rows = one.suites;
    if (one.overall != nullptr) rows.push_back(one.overall);
    for (const auto* row : rows) {
      for (const auto& metric : row->metrics) {
        if (!metric.maker.empty()) add_once(all[metric.tag][metric.maker], one.label);
      }
    }
  }
  return all;
}

constexpr std::size_t kMostMakers = 6;  // A run of sixty systems has a price row for each.

std::string makers_text(const Makers& makers) {
  std::string out = "<ul>";
  std::size_t listed = 0;
  for (const auto& [maker, who] : makers) {
    if (++listed > kMostMakers) break;
    std::string names;
    for (const auto& name : who) names += (names.empty() ? "" : ", ") + shown(name);
    out += fmt::format("<li>{} <span class=\"soft\">({})</span></li>", shown(maker), names);
  }
  if (makers.size() > kMostMakers) {
    out += fmt::format("<li>{}</li>", tr("and {} more, in summary.json",
                                         {fmt::format("{}", makers.size() - kMostMakers)}));
  }
  return out + "</ul>";
}

void write_metrics(std::string& out, const Page& page) {
  const auto makers = makers_of(page);
  auto metrics = harness::list_metrics();
  for (const auto& metric : harness::list_repeat_metrics()) metrics.push_back(metric);
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"method\"><thead><tr><th "
      "class=\"l\">{}</th>"
      "<th class=\"l\">{}</th><th class=\"l\">{}</th><th class=\"l\">{}</th></tr></thead><tbody>\n",
      tr("tag"), tr("unit"), tr("what it is"), tr("who says so in these runs"));
  for (const auto& metric : metrics) {
    const auto found = makers.find(std::string(metric.tag));
    out += fmt::format(
        "<tr><th class=\"l\" scope=\"row\"><code>{}</code></th><td class=\"l\">{}</td>"
        "<td class=\"l\">{}: {}</td><td class=\"l\">{}</td></tr>\n",
        escape(metric.tag), escape(metric.unit), escape(metric.name), escape(metric.help),
        found == makers.end() ? std::string(kUnknown) : makers_text(found->second));
  }
  out += "</tbody></table></div>\n";
}

// How late requests left is what a run without a null server knows of its own client.
void write_client(std::string& out, const Page& page) {
  const auto answered = [](const auto& one) { return one.overall != nullptr; };
  // An empty run has no lags to tell, and their unit would be missing.
  if (std::none_of(page.contestants.begin(), page.contestants.end(), answered)) return;
  out += fmt::format("<h3>{}</h3>", tr("The client's own error"));
  out +=
      paragraph("soft",
                "These runs were made without a calibration against a null server. What the client "
                "knows of itself is how late requests left after they were due (99th percentile):");
  const Column lag = column_for("schedule_lag_p99", page.rows);
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th class=\"l\">{}</th><th>{}, "
      "{}</th>"
      "</tr></thead><tbody>",
      tr("system"), tr("schedule lag"), escape(lag.unit));
  for (const auto& one : page.contestants) {
    if (one.overall == nullptr) continue;
    out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>{}</tr>", name_with_mark(one),
                       value_cell(lag, *one.overall));
  }
  out += "</tbody></table></div>\n";
}

constexpr std::string_view kStatistics[] = {
    "Accuracy: Wilson's interval of a share, or a t interval with errors clustered by question "
    "where "
    "a question was asked more than once.",
    "Ratios such as $ per correct answer: BCa bootstrap over questions, seeded by the run file; "
    "none "
    "where the denominator cannot be told from zero.",
    "Differences of two systems: Newcombe's paired interval and McNemar's exact test, clustered "
    "where "
    "questions repeat; the detectable difference is at 5 % with power 80 %.",
    "Not worse by a margin: Tango's score test of paired shares, one-sided at 2.5 %, Holm's "
    "correction "
    "over the models.",
    "Percentiles of latency: distribution-free intervals from order statistics; no p99 from fewer "
    "than "
    "662 answers.",
    "A request that failed is in no accuracy; what it cost is in every cost. What is not known is "
    "never taken for zero."};

// harness/money/revaluation.h, and html/script/revaluation.js.
constexpr std::string_view kRevaluation[] = {
    "Hours paid for: serving hours over the share of them that is used. A machine costs rent times "
    "those hours and, beyond the rent, (joules + idle watts × idle hours) × PUE × the price of a "
    "kWh.",
    "An API costs input tokens times their price and output tokens times theirs; the price of "
    "input is the mean of fresh and cached tokens, as the run had them.",
    "Break-even rent: (the other's cost of a unit × units − electricity) over hours paid for. "
    "Between measured loads costs are straight on log axes: an estimate. Intervals move with their "
    "value."};

}  // namespace

void write_method_section(std::string& out, const Page& page) {
  out += fmt::format("<h3>{}</h3><ul>", tr("Intervals and tests"));
  for (const auto line : kStatistics) out += fmt::format("<li>{}</li>", tr(line));
  out += "</ul>\n";
  out += fmt::format("<h3>{}</h3><ul>", tr("Valued again at other prices"));
  for (const auto line : kRevaluation) out += fmt::format("<li>{}</li>", tr(line));
  out += "</ul>\n";
  write_client(out, page);
  out +=
      fmt::format("<h3>{}</h3><details class=\"paper\"><summary>{}</summary>", tr("Every number"),
                  tr("Each metric's formula, and the clock, counter or price row it came from"));
  write_metrics(out, page);
  out += "</details>\n";
}

}  // namespace pingjia::reports
