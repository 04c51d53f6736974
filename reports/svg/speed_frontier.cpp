#include "reports/svg/speed_frontier.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/svg/pareto.h"
#include "reports/visible.h"

namespace pingjia::reports {

namespace {

constexpr double kRadius = 5;
constexpr double kSuiteRadius = 3;
constexpr double kLineGap = 40;  // Between lines of equal cost, in pixels.
constexpr std::size_t kLongestLabel = 24;
constexpr std::size_t kMostLabels = 6;  // On a small chart.

struct Scales {
  Scale x;
  Scale y;
};

Scales scales_for(const std::vector<SpeedPoint>& points, const Box& plot) {
  double x_low = points.front().per_user;
  double x_high = x_low;
  double y_low = points.front().per_device;
  double y_high = y_low;
  for (const auto& point : points) {
    x_low = std::min({x_low, point.per_user, point.per_user_low.value_or(point.per_user)});
    x_high = std::max({x_high, point.per_user, point.per_user_high.value_or(point.per_user)});
    y_low = std::min(y_low, point.per_device);
    y_high = std::max(y_high, point.per_device);
  }
  return {log_scale(x_low, x_high, plot.left, plot.right),
          log_scale(y_low, y_high, plot.bottom, plot.top)};
}

// Level lines, their labels at the right edge. Half as fast is twice as dear.
std::string cost_lines(const SpeedFrontier& speed, const Scales& at, const Box& plot,
                       LabelPlacer& placer) {
  if (!speed.usd_per_mtok_at_one) return "";
  const double at_one = *speed.usd_per_mtok_at_one;
  const Scale usd{true, at_one / at.y.high, at_one / at.y.low, plot.top, plot.bottom};
  std::string out;
  for (const auto& tick : ticks(usd, kLineGap)) {
    const double y = usd(tick.value);
    out += line(plot.left, y, plot.right, y, "iso");
    if (y < plot.top + 14) continue;  // No room above the line.
    const std::string text = "$" + tick.label + "/Mtok";
    out += label_text(plot.right - 2, y - 4, text, "halo", "end");
    placer.block({plot.right - 4 - text_width(text, kFontSize), y - 16, plot.right, y + 1});
  }
  return out;
}

// The most that the machines give all readers together, for each speed of one reader.
std::string staircase(const std::vector<SpeedPoint>& points, const Scales& at, const Box& plot,
                      LabelPlacer& placer) {
  std::vector<Offer> offers;
  std::vector<const SpeedPoint*> whole;
  for (const auto& point : points) {
    if (!point.whole) continue;
    offers.push_back({-point.per_user, point.per_device});
    whole.push_back(&point);
  }
  if (whole.size() < 2) return "";  // One point is no frontier.
  const auto front = pareto_front(offers);
  std::vector<const SpeedPoint*> steps;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (front[i]) steps.push_back(whole[i]);
  }
  std::sort(steps.begin(), steps.end(),
            [](const auto* a, const auto* b) { return a->per_user < b->per_user; });
  std::string path = fmt::format("M{:.1f} {:.1f}", plot.left, at.y(steps.front()->per_device));
  double from = plot.left;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double x = at.x(steps[i]->per_user);
    const double y = at.y(steps[i]->per_device);
    const double down = i + 1 < steps.size() ? at.y(steps[i + 1]->per_device) : plot.bottom;
    path += fmt::format("H{:.1f}V{:.1f}", x, down);
    placer.block({from, y - 1, x + 1, y + 1});
    placer.block({x - 1, y - 1, x + 1, down + 1});
    from = x;
  }
  return fmt::format("<path class=\"front\" d=\"{}\"/>", path);
}

std::string point_text(const SpeedPoint& point, const SpeedFrontier& speed) {
  std::string text =
      fmt::format("{}: {} {}, {} {}", point.label, speed.x_title, significant(point.per_user),
                  speed.y_title, significant(point.per_device));
  if (speed.usd_per_mtok_at_one && point.whole) {
    text += fmt::format(", ${} per Mtok output at the rate of the lines",
                        significant(*speed.usd_per_mtok_at_one / point.per_device));
  }
  return text;
}

std::string point_svg(const SpeedPoint& point, const SpeedFrontier& speed, const Scales& at,
                      LabelPlacer& placer) {
  const double x = at.x(point.per_user);
  const double y = at.y(point.per_device);
  const double radius = point.whole ? kRadius : kSuiteRadius;
  std::string bar;
  if (point.whole && point.per_user_low && point.per_user_high) {
    const double low = at.x(*point.per_user_low);
    const double high = at.x(*point.per_user_high);
    bar = fmt::format(
        "<path class=\"bar\" d=\"M{:.1f} {:.1f}H{:.1f}M{:.1f} {:.1f}v8M{:.1f} {:.1f}v8\"/>", low, y,
        high, low, y - 4, high, y - 4);
    placer.block({low, y - 4, high, y + 4});
  }
  placer.block({x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1});
  return fmt::format("<g class=\"{}{}\"><title>{}</title>{}<g class=\"mark\">{}</g></g>",
                     series_class(point.series), point.whole ? "" : " faded",
                     escape(point_text(point, speed)), bar, mark(point.series, x, y, radius));
}

std::string point_label(const SpeedPoint& point, const Scales& at, LabelPlacer& placer) {
  const double x = at.x(point.per_user);
  const double y = at.y(point.per_device);
  const std::string text = elide(point.label, kLongestLabel);
  const auto place = placer.place(x, y, text);
  if (!place) return "";  // The table names it.
  std::string out = fmt::format("<g class=\"{}\">", series_class(point.series));
  if (place->far) {
    out += line(x, y, std::clamp(x, place->box.left, place->box.right),
                std::clamp(y, place->box.top, place->box.bottom), "lead");
  }
  return out + label_text(place->x, place->y, text, "label", place->anchor) + "</g>";
}

}  // namespace

std::string speed_frontier_svg(const SpeedFrontier& speed, const Canvas& canvas) {
  const Box plot = canvas.plot();
  const Scales at = scales_for(speed.points, plot);
  LabelPlacer placer(plot, kFontSize);
  std::string description = fmt::format("{} against {}, log scales.", speed.y_title, speed.x_title);
  std::size_t whole = 0;
  for (const auto& point : speed.points) {
    if (!point.whole) continue;
    ++whole;
    description += " " + point_text(point, speed) + ".";
  }
  std::string out = frame_open(canvas, description, at.x, at.y, speed.x_title, speed.y_title);
  out += title_text(plot.right, 13, "better ↗", "", "end");
  out += cost_lines(speed, at, plot, placer);
  out += staircase(speed.points, at, plot, placer);
  // Large marks last, over the small ones.
  for (const bool wanted : {false, true}) {
    for (const auto& point : speed.points) {
      if (point.whole == wanted) out += point_svg(point, speed, at, placer);
    }
  }
  if (canvas.width < kWide.width && whole > kMostLabels) return out + "</svg>";
  for (const auto& point : speed.points) {
    if (point.whole) out += point_label(point, at, placer);
  }
  return out + "</svg>";
}

}  // namespace pingjia::reports
