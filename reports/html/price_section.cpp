#include <fmt/format.h>

#include "reports/html/price_figure.h"
#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

// The first is what a link without a choice shows.
constexpr PriceMeasure kMeasures[] = {
    {"usd_per_correct", "$ per correct answer", "Accuracy against the cost of a correct answer"},
    {"usd_per_mtok_blended", "$/Mtok blended",
     "Accuracy against the price of a million tokens, blended"},
    {"usd_per_task", "$ per task", "Accuracy against the cost of a task, right or wrong"},
};

void write_legend(std::string& out, const Page& page) {
  out += "<ul class=\"legend\">";
  for (const auto& one : page.contestants) out += "<li>" + name_with_mark(one) + "</li>";
  out += "</ul>\n";
}

// An <option> holds text alone, so the class that follows the language is its own.
std::string option(std::string_view value, std::string_view text, bool is_word) {
  return fmt::format("<option value=\"{}\"{}>{}</option>", shown(value),
                     is_word ? " class=\"word\"" : "", shown(text));
}

// Only a script can follow them, so only a script shows them: without one all charts stand.
void write_choices(std::string& out, const Page& page) {
  out += fmt::format("<p class=\"choice\" hidden><label>{} <select data-state=\"price\">",
                     tr("Price:"));
  for (const auto& measure : kMeasures) out += option(measure.tag, measure.name, true);
  out += "</select></label>";
  if (page.suites.size() > 1) {
    out += fmt::format("<label>{} <select data-state=\"pricesuite\">", tr("Suite:"));
    out += option("", "overall and each suite", true) + option("*", "all suites", true);
    for (const auto& suite : page.suites) out += option(suite, suite, false);
    out += "</select></label>";
  }
  out += "</p>\n";
}

void write_choice_of(std::string& out, const std::string& suite, const Figure& figure) {
  out += fmt::format("<div data-suite-chart=\"{}\">", shown(suite));
  write_figure(out, figure);
  out += "</div>";
}

void write_measure(std::string& out, const Page& page, const PriceMeasure& measure) {
  out += fmt::format("<div data-price-charts=\"{}\">\n", measure.tag);
  if (same_suites(page.contestants)) {
    write_choice_of(out, "*", price_figure(page, "*", measure, {kWide, kNarrow}));
  }
  if (page.suites.size() > 1) {
    out += "<div class=\"charts small\">";
    for (const auto& suite : page.suites) {
      write_choice_of(out, suite, price_figure(page, suite, measure, {kSmall}));
    }
    out += "</div>\n";
  }
  out += "</div>\n";
}

}  // namespace

void write_price_section(std::string& out, const Page& page) {
  out +=
      paragraph("soft",
                "Up is more often right, left is cheaper; prices are on a log axis. Bars are 95 % "
                "intervals. The dashed staircase is the most accuracy each price buys: a system "
                "below it is beaten by one that is cheaper and at least as accurate. The band "
                "holds 95 % of the staircases drawn from the intervals, each system on its own.");
  if (page.contestants.size() > 0) {
    write_legend(out, page);
    write_choices(out, page);
  }
  if (!same_suites(page.contestants)) {
    out +=
        paragraph("reason",
                  "No chart over all suites: the systems did not run the same ones. The charts by "
                  "suite compare those that did.");
  }
  for (const auto& measure : kMeasures) write_measure(out, page, measure);
}

}  // namespace pingjia::reports
