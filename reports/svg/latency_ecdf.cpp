#include "reports/svg/latency_ecdf.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/visible.h"

namespace pingjia::reports {

namespace {

constexpr double kRadius = 5;
constexpr std::size_t kMostSteps = 120;
constexpr std::size_t kLongestLabel = 24;
constexpr std::size_t kMostLabels = 6;  // More of them hide the curves; the legend names all.

// The axis leaves out the outermost 0.2 % at the fast end only: slow answers are the point.
Scale time_scale(const std::vector<LatencySeries>& all, const Box& plot) {
  double low = 0;
  double high = 0;
  for (const auto& one : all) {
    if (one.values.empty() || one.values.back() <= 0) continue;
    const double least = *std::upper_bound(one.values.begin(), one.values.end(), 0.0);
    const double first = std::max(least, nearest_rank(one.values, 0.002));
    low = low == 0 ? first : std::min(low, first);
    high = std::max(high, one.values.back());
  }
  return log_scale(low, high, plot.left, plot.right);
}

struct Curve {
  std::string path;
  std::vector<Box> boxes;  // What labels must not cover.
};

// A step at each value; beyond kMostSteps, at evenly spaced ranks, which a screen cannot tell.
Curve curve_of(const LatencySeries& one, const Scale& x, const Scale& y) {
  const std::size_t count = one.values.size();
  const std::size_t steps = std::min(count, kMostSteps);
  Curve curve;
  double last_x = 0;
  double last_y = y(0);
  for (std::size_t i = 1; i <= steps; ++i) {
    const std::size_t rank = std::max<std::size_t>(1, count * i / steps);
    const double at = std::max(x(one.values[rank - 1]), x.from);
    const double up = y(static_cast<double>(rank) / static_cast<double>(count));
    curve.path += curve.path.empty() ? fmt::format("M{:.1f} {:.1f}V{:.1f}", at, last_y, up)
                                     : fmt::format("H{:.1f}V{:.1f}", at, up);
    if (i > 1) curve.boxes.push_back({last_x - 1, up - 1, at + 1, last_y + 1});
    last_x = at;
    last_y = up;
  }
  curve.path += fmt::format("H{:.1f}", x.to);
  return curve;
}

std::string curve_svg(const LatencySeries& one, const Curve& curve) {
  const std::string dash = one.series % 4 == 0 ? "" : fmt::format(" d{}", one.series % 4);
  return fmt::format("<g class=\"{}\"><title>{}</title><path class=\"curve{}\" d=\"{}\"/></g>",
                     series_class(one.series), escape(one.label), dash, curve.path);
}

std::string median_svg(const LatencySeries& one, const Scale& x, const Scale& y, bool labelled,
                       LabelPlacer& placer) {
  const double at_x = x(*one.p50);
  const double at_y = y(0.5);
  const std::string text = elide(one.label, kLongestLabel) + " " + significant(*one.p50);
  std::string out = fmt::format("<g class=\"{}\"><title>{} p50 {}</title><g class=\"mark\">{}</g>",
                                series_class(one.series), escape(one.label), significant(*one.p50),
                                mark(one.series, at_x, at_y, kRadius));
  if (!labelled) return out + "</g>";
  if (const auto place = placer.place(at_x, at_y, text)) {
    if (place->far) {
      out += line(at_x, at_y, std::clamp(at_x, place->box.left, place->box.right),
                  std::clamp(at_y, place->box.top, place->box.bottom), "lead");
    }
    out += label_text(place->x, place->y, text, "label", place->anchor);
  }
  return out + "</g>";
}

bool in_plot(const LatencySeries& one, const Scale& x) {
  return one.p50 && *one.p50 >= x.low && *one.p50 <= x.high;
}

}  // namespace

double nearest_rank(const std::vector<double>& sorted, double share) {
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

std::string latency_ecdf_svg(const std::vector<LatencySeries>& all, const std::string& x_title,
                             const Canvas& canvas) {
  const Box plot = canvas.plot();
  const Scale x = time_scale(all, plot);
  const Scale y{false, 0, 1, plot.bottom, plot.top};
  LabelPlacer placer(plot, kFontSize);
  std::string description = "Share of answers within a time: " + x_title + ", log scale.";
  std::string curves;
  for (const auto& one : all) {
    if (one.values.empty()) continue;
    const Curve curve = curve_of(one, x, y);
    curves += curve_svg(one, curve);
    for (const auto& box : curve.boxes) placer.block(box);
    if (!in_plot(one, x)) continue;
    const double at = x(*one.p50);
    placer.block({at - kRadius, y(0.5) - kRadius, at + kRadius, y(0.5) + kRadius});
    description += fmt::format(" {}: p50 {}.", one.label, significant(*one.p50));
  }
  std::string out = frame_open(canvas, description, x, y, x_title, "share of answers");
  out += curves;
  for (const auto& one : all) {
    if (!one.values.empty() && in_plot(one, x))
      out += median_svg(one, x, y, all.size() <= kMostLabels, placer);
  }
  return out + "</svg>";
}

}  // namespace pingjia::reports
