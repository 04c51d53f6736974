#include "reports/html/price_figure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/summary/parity.h"
#include "reports/markup.h"
#include "reports/parity_verdict.h"
#include "reports/svg/accuracy_price.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::FrontBand;
using harness::Metric;
using harness::ParityVerdict;
using harness::SummaryRow;

namespace {

constexpr std::uint64_t kBandSeed = 1;
constexpr int kBandPlaces = 120;  // Along the price axis: a step each four pixels.
constexpr std::string_view kPerCorrect = "usd_per_correct";

struct Shown {
  std::vector<const Contestant*> who;  // Of each point.
  PriceChart chart;
  std::vector<std::string> absent;
};

std::optional<double> scaled(const std::optional<double>& value, double factor) {
  return value ? std::optional(*value * factor) : std::nullopt;
}

std::string answers_of(const SummaryRow& row) {
  const Metric* answered = metric_of(row, "answered");
  return answered == nullptr || !answered->value ? std::string(kUnknown)
                                                 : fmt::format("{:.0f}", *answered->value);
}

ParityKind parity_kind(const harness::ParityMarks* parity, const std::string& system) {
  if (parity == nullptr) return ParityKind::kNone;
  if (parity->reference == system) return ParityKind::kReference;
  const auto mark = std::find_if(parity->marks.begin(), parity->marks.end(),
                                 [&](const auto& one) { return one.system == system; });
  if (mark == parity->marks.end()) return ParityKind::kNone;
  const auto says = [&](ParityVerdict verdict) {
    return mark->verdict == harness::verdict_name(verdict);
  };
  if (says(ParityVerdict::kNotWorse)) return ParityKind::kNotWorse;
  if (says(ParityVerdict::kWorse)) return ParityKind::kWorse;
  return says(ParityVerdict::kUndecided) ? ParityKind::kUndecided : ParityKind::kNone;
}

PricePoint point_of(const Contestant& one, const SummaryRow& row, const Metric& cost,
                    const Metric& accuracy, double factor) {
  PricePoint point;
  point.label = one.label + (one.test_double ? " (test double)" : "");
  point.series = one.series;
  point.price = *cost.value * factor;
  point.price_low = scaled(cost.low, factor);
  point.price_high = scaled(cost.high, factor);
  point.accuracy = *accuracy.value;
  point.accuracy_low = accuracy.low;
  point.accuracy_high = accuracy.high;
  point.answers = answers_of(row);
  point.ranked = !one.test_double;
  return point;
}

// Neither nothing nor the unknown has a place on a log axis.
Shown points_for(const Page& page, const std::string& suite, const Column& price) {
  Shown shown;
  // Parity is judged over everything.
  const auto* parity = suite == "*" ? parity_of(page.contestants) : nullptr;
  for (const auto& one : page.contestants) {
    const SummaryRow* row = one.row(suite);
    if (row == nullptr) continue;
    const Metric* cost = metric_of(*row, price.tag);
    const Metric* accuracy = metric_of(*row, "accuracy");
    if (cost == nullptr || !cost->value || *cost->value <= 0 || accuracy == nullptr ||
        !accuracy->value) {
      shown.absent.push_back(one.label);
      continue;
    }
    shown.who.push_back(&one);
    shown.chart.points.push_back(point_of(one, *row, *cost, *accuracy, price.factor));
    if (!one.test_double) shown.chart.points.back().parity = parity_kind(parity, one.system);
  }
  return shown;
}

// Why no front may be drawn: the summary refuses to rank, these answers are too few for it, or
// nothing that ran is a model.
std::vector<std::string> refusals(const Page& page, const Shown& shown, const Column& price) {
  auto reasons = ranking_refusals(page.contestants);
  std::size_t ranked = 0;
  std::vector<std::string> unsure;
  for (const auto& point : shown.chart.points) {
    if (!point.ranked) continue;
    ++ranked;
    if (!point.price_low && !point.price_high) unsure.push_back(point.label);
  }
  if (ranked == 0 && reasons.empty()) {
    reasons.emplace_back("only test doubles ran, and they measure no model");
  }
  if (price.tag == kPerCorrect && reasons.empty() && ranked > 1 && !unsure.empty()) {
    reasons.push_back(
        fmt::format("too few right answers for an interval: {}", fmt::join(unsure, ", ")));
  }
  return reasons;
}

// Places on a log axis, from under the lowest bound of a price to over the highest.
std::vector<double> places_of(const std::vector<PricePoint>& points) {
  double low = points.front().price;
  double high = low;
  for (const auto& point : points) {
    const double bound = point.price_low.value_or(point.price);
    low = std::min(low, bound > 0 ? bound : point.price);
    high = std::max(high, point.price_high.value_or(point.price));
  }
  std::vector<double> places;
  for (int i = 0; i < kBandPlaces; ++i) {
    places.push_back(0.8 * low * std::pow(1.5 * high / low, i / (kBandPlaces - 1.0)));
  }
  return places;
}

std::vector<FrontBand> band_at(const PriceChart& chart, const std::vector<double>& places) {
  std::vector<harness::UncertainOffer> offers;
  for (const auto& point : chart.points) {
    if (!point.ranked) continue;
    offers.push_back({point.label, point.price, point.price_low, point.price_high, point.accuracy,
                      point.accuracy_low, point.accuracy_high});
  }
  return harness::front_band(offers, places, kBandSeed);
}

std::string band_cell(const Column& accuracy, const PriceChart& chart, double price) {
  if (!chart.front) return fmt::format("<td>{}</td>", kUnknown);
  const FrontBand band = band_at(chart, {price}).front();
  const auto bound = [&](const std::optional<double>& value) {
    return value ? format_value(accuracy, *value) : std::string(kUnknown);
  };
  return fmt::format("<td>[{}, {}]</td>", bound(band.low), bound(band.high));
}

std::string table_row(const Page& page, const Contestant& one, const SummaryRow& row,
                      const Column& price, const Shown& shown) {
  const Column accuracy = column_for("accuracy", page.rows);
  std::string out =
      fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>{}{}", name_with_mark(one),
                  value_cell(price, row), value_cell(accuracy, row));
  const auto found = std::find(shown.who.begin(), shown.who.end(), &one);
  if (found == shown.who.end()) {
    return out + fmt::format("<td>{}</td><td class=\"l\">{}</td><td></td></tr>", kUnknown,
                             tr("not on the chart"));
  }
  const auto at = static_cast<std::size_t>(found - shown.who.begin());
  const PricePoint& point = shown.chart.points[at];
  const char* place = "not ranked";
  if (shown.chart.front && point.ranked) {
    place = front_of(shown.chart)[at] ? "on the front" : "beaten";
  }
  const std::string parity(parity_words(point.parity));
  return out + fmt::format("{}<td class=\"l\">{}</td><td class=\"l\">{}</td></tr>",
                           band_cell(accuracy, shown.chart, point.price), tr(place),
                           parity.empty() ? "" : tr(parity));
}

std::string table_of(const Page& page, const std::string& suite, const Column& price,
                     const Shown& shown) {
  std::string out = fmt::format(
      "<table><thead><tr><th class=\"l\">{}</th><th>{}</th><th>{}</th><th>{}</th><th "
      "class=\"l\">{}</th><th class=\"l\">{}</th></tr></thead><tbody>",
      tr("system"), tr(price.title()), tr("accuracy"), tr("front at its price, 95 %"), tr("place"),
      tr("parity"));
  for (const auto& one : page.contestants) {
    if (const SummaryRow* row = one.row(suite)) out += table_row(page, one, *row, price, shown);
  }
  return out + "</tbody></table>";
}

std::string why_none(const Page& page) {
  if (page.contestants.empty()) return "the run has no results.";
  if (const std::string why = why_nothing_came(page.contestants); !why.empty()) return why + ".";
  return "no system has both an accuracy and a price; the notes say what is missing.";
}

// What is not on the chart, and what its rings mean.
std::string aside_of(const Page& page, const Shown& shown) {
  std::string out;
  if (!shown.absent.empty()) {
    out += tr("Not on the chart, price or accuracy unknown or zero: {}.",
              {fmt::format("{}", fmt::join(shown.absent, ", "))});
  }
  const bool marked = std::any_of(shown.chart.points.begin(), shown.chart.points.end(),
                                  [](const auto& one) { return one.parity != ParityKind::kNone; });
  if (!marked) return out;
  const auto& parity = *parity_of(page.contestants);
  return out + (out.empty() ? "" : " ") +
         tr("Rings: {} has two, the reference of parity; one is around who is not worse by {} "
            "points, a dashed one where these answers do not say; without ring: worse.",
            {visible(parity.reference), fmt::format("{:g}", 100 * parity.margin)});
}

}  // namespace

Figure price_figure(const Page& page, const std::string& suite, const PriceMeasure& measure,
                    const std::vector<Canvas>& canvases) {
  std::vector<const SummaryRow*> rows;
  for (const auto& one : page.contestants) {
    if (const SummaryRow* row = one.row(suite)) rows.push_back(row);
  }
  const Column price = column_for(measure.tag, rows);
  Shown on_chart = points_for(page, suite, price);
  Figure figure;
  figure.id = figure_id("price-" + std::string(measure.tag) + "-" + suite);
  figure.title = suite == "*" ? tr(measure.title) : shown(suite);
  if (on_chart.chart.points.empty()) {
    figure.reason = why_none(page);
  } else {
    on_chart.chart.price_title = price.heading;
    const auto refused = refusals(page, on_chart, price);
    on_chart.chart.front = refused.empty();
    if (refused.empty()) {
      on_chart.chart.band = band_at(on_chart.chart, places_of(on_chart.chart.points));
    } else {
      figure.notice =
          tr("No front, no ranking by cost: {}.", {fmt::format("{}", fmt::join(refused, "; "))});
    }
    for (const auto& canvas : canvases) figure.svg += accuracy_price_svg(on_chart.chart, canvas);
    figure.aside = aside_of(page, on_chart);
  }
  if (!rows.empty()) figure.table = table_of(page, suite, price, on_chart);
  return figure;
}

}  // namespace pingjia::reports
