#include "reports/svg/accuracy_price.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/svg/pareto.h"
#include "reports/visible.h"

namespace pingjia::reports {

namespace {

constexpr double kRadius = 5;
constexpr std::size_t kLongestLabel = 24;
constexpr std::size_t kMostLabels = 6;  // On a small chart; more of them hide the points.

struct Scales {
  Scale x;
  Scale y;
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
  placer.block({x - kRadius - 1, y - kRadius - 1, x + kRadius + 1, y + kRadius + 1});
  return out;
}

std::string point_text(const PricePoint& point, const std::string& price_title) {
  return fmt::format("{}: accuracy {:.3f}, {} {}", point.label, point.accuracy, price_title,
                     significant(point.price));
}

std::string point_svg(const PricePoint& point, bool on_front, const Scales& at,
                      const std::string& price_title, LabelPlacer& placer) {
  return fmt::format("<g class=\"{}{}\"><title>{}</title>{}<g class=\"mark\">{}</g></g>",
                     series_class(point.series), on_front ? "" : " faded",
                     escape(point_text(point, price_title)), error_bars(point, at, placer),
                     mark(point.series, at.x(point.price), at.y(point.accuracy), kRadius));
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

}  // namespace

std::vector<bool> front_of(const std::vector<PricePoint>& points) {
  std::vector<Offer> offers;
  for (const auto& point : points) offers.push_back({point.price, point.accuracy});
  return pareto_front(offers);
}

std::string accuracy_price_svg(const std::vector<PricePoint>& points,
                               const std::string& price_title, const Canvas& canvas) {
  const Box plot = canvas.plot();
  const Scales at = scales_for(points, plot);
  const auto front = front_of(points);
  LabelPlacer placer(plot, kFontSize);
  std::string description = fmt::format("Accuracy against {}, log scale.", price_title);
  for (const auto& point : points) description += " " + point_text(point, price_title) + ".";

  std::string out = frame_open(canvas, description, at.x, at.y, price_title, "accuracy");
  out += label_text(plot.right, 13, "↖ better", "", "end");
  out += staircase(points, front, at, plot, placer);
  for (std::size_t i = 0; i < points.size(); ++i) {
    out += point_svg(points[i], front[i], at, price_title, placer);
  }
  // Labels last, over everything; those of the front get the best places.
  const bool crowded = canvas.width < kWide.width && points.size() > kMostLabels;
  for (const bool wanted : {true, false}) {
    if (crowded && !wanted) continue;  // The legend names the rest.
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (front[i] == wanted) out += point_label(points[i], at, placer);
    }
  }
  return out + "</svg>";
}

}  // namespace pingjia::reports
