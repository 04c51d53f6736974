#include "reports/svg/roofline.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"

namespace pingjia::reports {

namespace {

constexpr double kRadius = 4.5;
constexpr std::size_t kMostSpoken = 12;  // Points in the text that stands for the picture.

struct Unit {
  double size;
  const char* name;
};

struct Drawing {
  const Roofline& roofline;
  Unit unit;
  Scale x;
  Scale y;
  Box plot;
};

double highest_rate(const Roofline& roofline, bool roofs_only) {
  double most = 0;
  for (const auto& roof : roofline.roofs) {
    if (!roof.bandwidth) most = std::max(most, roof.value);
  }
  if (roofs_only) return most;
  for (const auto& point : roofline.points) most = std::max(most, point.high);
  return most;
}

Unit unit_for(const Roofline& roofline) {
  const double most = highest_rate(roofline, false);
  if (most >= 2e12) return {1e12, "TFLOP/s"};
  return most >= 2e9 ? Unit{1e9, "GFLOP/s"} : Unit{1e6, "MFLOP/s"};
}

Drawing layout(const Roofline& roofline, const Canvas& canvas) {
  const Unit unit = unit_for(roofline);
  double left = roofline.points.front().intensity;
  double right = left;
  double low = roofline.points.front().low;
  for (const auto& point : roofline.points) {
    left = std::min(left, point.intensity);
    right = std::max(right, point.intensity);
    low = std::min(low, point.low);
  }
  // Both slopes of the roof are seen where they meet not far from the points.
  const double top = highest_rate(roofline, true);
  for (const auto& roof : roofline.roofs) {
    if (!roof.bandwidth || top == 0) continue;
    const double ridge = top / roof.value;
    if (ridge < 30 * right) right = std::max(right, 1.5 * ridge);
    if (ridge > left / 30) left = std::min(left, ridge / 1.5);
  }
  const Box plot = canvas.plot();
  const double high = 1.3 * highest_rate(roofline, false);
  return {roofline, unit, log_scale(left, right, plot.left, plot.right),
          log_scale(low / unit.size, high / unit.size, plot.bottom, plot.top), plot};
}

// A rate is level; its name stands over its right end.
std::string rate_roof(const Drawing& at, const RooflineRoof& roof, LabelPlacer& placer) {
  const double y = at.y(roof.value / at.unit.size);
  if (y < at.plot.top || y > at.plot.bottom) return "";
  const std::string text =
      fmt::format("{} {} {}", roof.name, significant(roof.value / at.unit.size), at.unit.name);
  placer.block({at.plot.left, y - 1, at.plot.right, y + 1});
  std::string out = line(at.plot.left, y, at.plot.right, y, "roof");
  const auto place = placer.place(at.plot.right, y, text);
  if (place) out += label_text(place->x, place->y, text, "halo", place->anchor);
  return out;
}

// A bandwidth rises by a decade each decade, up to the highest rate.
std::string bandwidth_roof(const Drawing& at, const RooflineRoof& roof, LabelPlacer& placer) {
  const double top = highest_rate(at.roofline, true);
  const double from = std::max(at.x.low, at.y.low * at.unit.size / roof.value);
  const double to = std::min(
      {at.x.high, at.y.high * at.unit.size / roof.value, top > 0 ? top / roof.value : at.x.high});
  if (from >= to) return "";
  const auto height = [&](double intensity) { return at.y(intensity * roof.value / at.unit.size); };
  constexpr int kSteps = 24;  // Boxes along the slope keep labels off it.
  for (int i = 0; i < kSteps; ++i) {
    const double x = at.x(from) + (at.x(to) - at.x(from)) * i / kSteps;
    const double y = height(from) + (height(to) - height(from)) * i / kSteps;
    placer.block({x - 2, y - 8, x + 6, y + 2});
  }
  std::string out = line(at.x(from), height(from), at.x(to), height(to), "roof");
  const std::string text = fmt::format("{} {} GB/s", roof.name, significant(roof.value / 1e9));
  const double middle = (at.x(from) + at.x(to)) / 2;
  const auto place = placer.place(middle, (height(from) + height(to)) / 2, text);
  if (place) out += label_text(place->x, place->y, text, "halo", place->anchor);
  return out;
}

std::string point_text(const RooflinePoint& point, const Unit& unit) {
  return fmt::format("{}: {} {} at {} FLOP/byte", point.label, significant(point.rate / unit.size),
                     unit.name, significant(point.intensity));
}

std::string point_svg(const Drawing& at, const RooflinePoint& point) {
  const double x = at.x(point.intensity);
  const double y = at.y(point.rate / at.unit.size);
  const double top = at.y(point.high / at.unit.size);
  const double bottom = at.y(point.low / at.unit.size);
  return fmt::format(
      "<g class=\"{}{}\"><title>{}</title><path class=\"bar\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>"
      "<g class=\"mark\">{}</g></g>",
      series_class(point.series), point.ours ? "" : " other", escape(point_text(point, at.unit)), x,
      top, bottom, mark(point.series, x, y, kRadius));
}

std::string description(const Roofline& roofline, const Unit& unit) {
  std::string text = fmt::format("{} against FLOP per byte, log scales.", unit.name);
  for (const auto& roof : roofline.roofs) {
    text += fmt::format(" Roof {}: {} {}.", roof.name,
                        significant(roof.value / (roof.bandwidth ? 1e9 : unit.size)),
                        roof.bandwidth ? "GB/s" : unit.name);
  }
  for (std::size_t i = 0; i < std::min(kMostSpoken, roofline.points.size()); ++i) {
    text += " " + point_text(roofline.points[i], unit) + ".";
  }
  if (roofline.points.size() > kMostSpoken) {
    text += fmt::format(" {} more stand in the table.", roofline.points.size() - kMostSpoken);
  }
  return text;
}

}  // namespace

std::string roofline_svg(const Roofline& roofline, const Canvas& canvas) {
  const Drawing at = layout(roofline, canvas);
  LabelPlacer placer(at.plot, kFontSize);
  std::string out =
      frame_open(canvas, description(roofline, at.unit), at.x, at.y, "FLOP per byte", at.unit.name);
  for (const auto& point : roofline.points) {
    const double x = at.x(point.intensity);
    const double y = at.y(point.rate / at.unit.size);
    placer.block({x - kRadius - 1, y - kRadius - 1, x + kRadius + 1, y + kRadius + 1});
  }
  for (const auto& roof : roofline.roofs) {
    out += roof.bandwidth ? bandwidth_roof(at, roof, placer) : rate_roof(at, roof, placer);
  }
  // Ours last, over the others.
  for (const bool ours : {false, true}) {
    for (const auto& point : roofline.points) {
      if (point.ours == ours) out += point_svg(at, point);
    }
  }
  return out + "</svg>";
}

}  // namespace pingjia::reports
