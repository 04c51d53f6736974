#include "reports/svg/accuracy_price.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/svg/pareto.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

constexpr double kRadius = 5;
constexpr double kRing = 8.5;  // Of a mark of parity.
constexpr std::size_t kLongestLabel = 24;
constexpr std::size_t kMostLabels = 6;  // On a small chart; more of them hide the points.

struct Scales {
  Scale x;
  Scale y;
};

struct Spot {
  double x = 0;
  double y = 0;
};

// A bound of zero has no place on a log axis: the bar then ends at the axis.
double price_low(const PricePoint& point) {
  const double low = point.price_low.value_or(point.price);
  return low > 0 ? low : point.price;
}

Scales scales_for(const std::vector<PricePoint>& points, const Box& plot) {
  double x_low = points.front().price;
  double x_high = x_low;
  double y_low = points.front().accuracy;
  double y_high = y_low;
  for (const auto& point : points) {
    x_low = std::min({x_low, point.price, price_low(point)});
    x_high = std::max({x_high, point.price, point.price_high.value_or(0)});
    y_low = std::min({y_low, point.accuracy, point.accuracy_low.value_or(1)});
    y_high = std::max({y_high, point.accuracy, point.accuracy_high.value_or(0)});
  }
  return {log_scale(x_low, x_high, plot.left, plot.right),
          fraction_scale(y_low, y_high, plot.bottom, plot.top)};
}

// The most accuracy that each price buys, as steps from the cheapest to the right edge.
std::string staircase(const std::vector<PricePoint>& points, const std::vector<bool>& front,
                      const Scales& at, const Box& plot, LabelPlacer& placer) {
  std::vector<const PricePoint*> steps;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (front[i]) steps.push_back(&points[i]);
  }
  if (steps.empty()) return "";
  std::sort(steps.begin(), steps.end(),
            [](const PricePoint* a, const PricePoint* b) { return a->price < b->price; });
  std::string path = fmt::format("M{:.1f} {:.1f}", at.x(steps.front()->price), plot.bottom);
  double last_y = plot.bottom;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double x = at.x(steps[i]->price);
    const double y = at.y(steps[i]->accuracy);
    const double until = i + 1 < steps.size() ? at.x(steps[i + 1]->price) : plot.right;
    path += fmt::format("H{:.1f}V{:.1f}", x, y);
    placer.block({x - 1, y - 1, x + 1, last_y + 1});
    placer.block({x - 1, y - 1, until + 1, y + 1});
    last_y = y;
  }
  path += fmt::format("H{:.1f}", plot.right);
  return fmt::format("<path class=\"reach\" d=\"{}V{:.1f}Z\"/><path class=\"front\" d=\"{}\"/>",
                     path, plot.bottom, path);
}

// One edge of the band as steps, each flat from its spot to the right; `back` from the right edge.
std::string band_edge(const std::vector<Spot>& spots, bool back) {
  const Spot& first = back ? spots.back() : spots.front();
  std::string path =
      back ? fmt::format("V{:.1f}", first.y) : fmt::format("M{:.1f} {:.1f}", first.x, first.y);
  for (std::size_t n = 1; n < spots.size(); ++n) {
    const std::size_t left = back ? spots.size() - 1 - n : n - 1;
    const double y = back ? spots[left].y : spots[left + 1].y;
    const double before = back ? spots[left + 1].y : spots[left].y;
    if (y != before) path += fmt::format("H{:.1f}V{:.1f}", spots[left + 1].x, y);
  }
  return path + fmt::format("H{:.1f}", (back ? spots.front() : spots.back()).x);
}

// Where in more than one of forty draws nothing costs so little the band reaches down to the axis.
std::string band_svg(const std::vector<harness::FrontBand>& band, const Scales& at,
                     const Box& plot) {
  std::vector<Spot> high;
  std::vector<Spot> low;
  for (const auto& one : band) {
    if (!one.high) continue;
    const double x = std::clamp(at.x(one.price), plot.left, plot.right);
    high.push_back({x, std::max(at.y(*one.high), plot.top)});
    low.push_back({x, one.low ? std::min(at.y(*one.low), plot.bottom) : plot.bottom});
  }
  if (high.size() < 2) return "";
  high.push_back({plot.right, high.back().y});
  low.push_back({plot.right, low.back().y});
  return fmt::format("<path class=\"front-band\" d=\"{}{}Z\"/>", band_edge(high, false),
                     band_edge(low, true));
}

std::string error_bars(const PricePoint& point, const Scales& at, LabelPlacer& placer) {
  std::string out;
  const double x = at.x(point.price);
  const double y = at.y(point.accuracy);
  if (point.accuracy_low && point.accuracy_high) {
    const double low = at.y(*point.accuracy_low);
    const double high = at.y(*point.accuracy_high);
    out += fmt::format(
        "<path class=\"bar\" d=\"M{:.1f} {:.1f}V{:.1f}M{:.1f} {:.1f}h8M{:.1f} {:.1f}h8\"/>", x, low,
        high, x - 4, low, x - 4, high);
    placer.block({x - 4, high, x + 4, low});
  }
  if (point.price_low && point.price_high) {
    const double low = at.x(price_low(point));
    const double high = at.x(*point.price_high);
    out += fmt::format(
        "<path class=\"bar\" d=\"M{:.1f} {:.1f}H{:.1f}M{:.1f} {:.1f}v8M{:.1f} {:.1f}v8\"/>", low, y,
        high, low, y - 4, high, y - 4);
    placer.block({low, y - 4, high, y + 4});
  }
  return out;
}

std::string with_interval(double value, const std::optional<double>& low,
                          const std::optional<double>& high) {
  if (!low || !high) return significant(value);
  return fmt::format("{} [{}, {}]", significant(value), significant(*low), significant(*high));
}

Sentence point_text(const PricePoint& point, bool on_front, const PriceChart& chart) {
  const char* place = !chart.front || !point.ranked ? "not ranked"
                      : on_front                    ? "on the front"
                                                    : "beaten";
  Sentence text{
      "{}: accuracy {} of {} answers, {} {}; {}",
      {point.label, with_interval(point.accuracy, point.accuracy_low, point.accuracy_high),
       point.answers, chart.price_title,
       with_interval(point.price, point.price_low, point.price_high), place}};
  if (point.parity != ParityKind::kNone) {
    text.pattern += "; {}";
    text.fill.emplace_back(parity_words(point.parity));
  }
  return text;
}

// Rings: two around the reference, one around who is not worse, a dashed one where it is open.
std::string parity_rings(ParityKind kind, double x, double y) {
  if (kind == ParityKind::kNone || kind == ParityKind::kWorse) return "";
  const auto ring = [&](double radius, const char* style) {
    return fmt::format("<circle class=\"parity{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"/>", style,
                       x, y, radius);
  };
  if (kind == ParityKind::kUndecided) return ring(kRing, " open");
  return ring(kRing, "") + (kind == ParityKind::kReference ? ring(kRing + 3, "") : "");
}

std::string point_svg(const PricePoint& point, bool on_front, const PriceChart& chart,
                      const Scales& at, LabelPlacer& placer) {
  const double x = at.x(point.price);
  const double y = at.y(point.accuracy);
  const Sentence text = point_text(point, on_front, chart);
  const std::string rings = parity_rings(point.parity, x, y);
  const double reach = rings.empty() ? kRadius : kRing + 3;
  placer.block({x - reach - 1, y - reach - 1, x + reach + 1, y + reach + 1});
  return fmt::format(
      "<g class=\"{}{}\"><title class=\"word\"{}>{}</title>{}<g class=\"mark\">{}</g>{}</g>",
      series_class(point.series), on_front || !chart.front ? "" : " faded", word_attributes(text),
      escape(text.text()), error_bars(point, at, placer), mark(point.series, x, y, kRadius), rings);
}

std::string point_label(const PricePoint& point, const Scales& at, LabelPlacer& placer) {
  const double x = at.x(point.price);
  const double y = at.y(point.accuracy);
  const std::string text = elide(point.label, kLongestLabel);
  const auto place = placer.place(x, y, text);
  if (!place) return "";  // The legend and the table name it.
  std::string out = fmt::format("<g class=\"{}\">", series_class(point.series));
  if (place->far) {
    const double near_x = std::clamp(x, place->box.left, place->box.right);
    const double near_y = std::clamp(y, place->box.top, place->box.bottom);
    out += line(x, y, near_x, near_y, "lead");
  }
  return out + label_text(place->x, place->y, text, "label", place->anchor) + "</g>";
}

std::string description_of(const PriceChart& chart, const std::vector<bool>& front) {
  std::string text = fmt::format("Accuracy against {}, log scale.", chart.price_title);
  for (std::size_t i = 0; i < chart.points.size(); ++i) {
    text += " " + point_text(chart.points[i], front[i], chart).text() + ".";
  }
  return text;
}

}  // namespace

std::string_view parity_words(ParityKind kind) {
  switch (kind) {
    case ParityKind::kReference:
      return "the reference of parity";
    case ParityKind::kNotWorse:
      return "not worse by the margin";
    case ParityKind::kUndecided:
      return "parity undecided";
    case ParityKind::kWorse:
      return "worse by the margin";
    case ParityKind::kNone:
      return "";
  }
  return "";
}

std::vector<bool> front_of(const PriceChart& chart) {
  std::vector<Offer> offers;
  for (const auto& point : chart.points) {
    if (point.ranked) offers.push_back({point.price, point.accuracy});
  }
  const auto ranked = pareto_front(offers);
  std::vector<bool> front;
  std::size_t next = 0;
  for (const auto& point : chart.points) {
    front.push_back(point.ranked && ranked[next++] && chart.front);
  }
  return front;
}

std::string accuracy_price_svg(const PriceChart& chart, const Canvas& canvas) {
  const auto& points = chart.points;
  const Box plot = canvas.plot();
  const Scales at = scales_for(points, plot);
  const auto front = front_of(chart);
  LabelPlacer placer(plot, kFontSize);
  std::string out =
      frame_open(canvas, description_of(chart, front), at.x, at.y, chart.price_title, "accuracy");
  out += title_text(plot.right, 13, "↖ better", "", "end");
  if (chart.front) {
    out += band_svg(chart.band, at, plot) + staircase(points, front, at, plot, placer);
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    out += point_svg(points[i], front[i], chart, at, placer);
  }
  // Labels last, over everything; those of the front get the best places.
  const bool crowded = canvas.width < kWide.width && points.size() > kMostLabels;
  for (const bool wanted : {true, false}) {
    if (crowded && !wanted && chart.front) continue;  // The legend names the rest.
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (front[i] == wanted) out += point_label(points[i], at, placer);
    }
  }
  return out + "</svg>";
}

}  // namespace pingjia::reports
