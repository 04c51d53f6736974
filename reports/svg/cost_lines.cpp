#include "reports/svg/cost_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/visible.h"

namespace pingjia::reports {

namespace {

constexpr double kRadius = 4.5;
constexpr double kNames = 170;  // Right of the lines, on a wide canvas.
constexpr double kNameGap = 14;
constexpr std::size_t kLongestName = 19;
constexpr std::size_t kMostFlips = 8;  // With a number beside them.

struct Scales {
  Scale x;
  Scale y;
};

bool has_names(const Canvas& canvas) {
  return canvas.width >= kWide.width;
}

Scales scales_for(const CostLines& chart, const Canvas& canvas) {
  const Box plot = canvas.plot();
  const auto& first = chart.lines.front().spots.front();
  double x_low = first.x;
  double x_high = first.x;
  double y_low = first.y;
  double y_high = first.y;
  for (const auto& line : chart.lines) {
    for (const auto& spot : line.spots) {
      x_low = std::min(x_low, spot.x);
      x_high = std::max(x_high, spot.x);
      y_low = std::min(y_low, spot.y);
      y_high = std::max(y_high, spot.y);
    }
  }
  const double right = has_names(canvas) ? canvas.width - kNames : plot.right;
  Scales at{{true, x_low, x_high, plot.left, right},
            log_scale(y_low, y_high, plot.bottom, plot.top)};
  if (x_low == x_high) at.x = log_scale(x_low, x_high, plot.left, right);
  return at;
}

std::string line_svg(const CostLine& one, const Scales& at, LabelPlacer& placer) {
  std::string path;
  std::string marks;
  for (const auto& spot : one.spots) {
    const double x = at.x(spot.x);
    const double y = at.y(spot.y);
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? 'M' : 'L', x, y);
    if (!spot.marked) continue;
    placer.block({x - kRadius, y - kRadius, x + kRadius, y + kRadius});
    marks += fmt::format("<g class=\"{}\"><title>{}: {} → {}</title><g class=\"mark\">{}</g></g>",
                         series_class(one.series), escape(one.label), significant(spot.x),
                         significant(spot.y), mark(one.series, x, y, kRadius));
  }
  return fmt::format("<g class=\"{}\"><path class=\"curve{}\" d=\"{}\"/></g>{}",
                     series_class(one.series), one.level ? " thin d1" : "", path, marks);
}

// At the right ends, pushed apart downwards, then back up where the bottom is reached.
std::string names_svg(const CostLines& chart, const Scales& at, const Box& plot) {
  struct Name {
    const CostLine* line;
    double y;
  };
  std::vector<Name> names;
  for (const auto& line : chart.lines) names.push_back({&line, at.y(line.spots.back().y)});
  std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.y < b.y; });
  if (static_cast<double>(names.size()) * kNameGap > plot.bottom - plot.top) return "";
  double least = plot.top + 4;
  for (auto& name : names) {
    name.y = std::max(name.y, least);
    least = name.y + kNameGap;
  }
  double most = plot.bottom;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    name->y = std::min(name->y, most);
    most = name->y - kNameGap;
  }
  std::string out;
  for (const auto& name : names) {
    out += fmt::format("<g class=\"{}\">{}</g>", series_class(name.line->series),
                       label_text(at.x(name.line->spots.back().x) + 8, name.y + 4,
                                  elide(name.line->label, kLongestName), "label"));
  }
  return out;
}

std::string flips_svg(const CostLines& chart, const Scales& at, LabelPlacer& placer) {
  std::string out;
  for (const auto& flip : chart.flips) {
    const double x = at.x(flip.x);
    const double y = at.y(flip.y);
    placer.block({x - 6, y - 6, x + 6, y + 6});
    out += fmt::format(
        "<g class=\"flip\"><title>{}</title><circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\"/></g>",
        escape(flip.title), x, y);
  }
  for (std::size_t i = 0; i < std::min(chart.flips.size(), kMostFlips); ++i) {
    const auto& flip = chart.flips[i];
    const std::string text = significant(flip.x);
    const auto place = placer.place(at.x(flip.x), at.y(flip.y), text);
    if (place && !place->far) out += label_text(place->x, place->y, text, "halo", place->anchor);
  }
  return out;
}

}  // namespace

std::string cost_lines_svg(const CostLines& chart, const Canvas& canvas) {
  Box plot = canvas.plot();
  const Scales at = scales_for(chart, canvas);
  std::string description = fmt::format("{} against {}, log scales.", chart.y_title, chart.x_title);
  for (const auto& flip : chart.flips) description += " " + flip.title + ".";
  std::string out = frame_open(canvas, description, at.x, at.y, chart.x_title, chart.y_title);
  plot.right = at.x.to;
  LabelPlacer placer(plot, kFontSize);
  for (const auto& line : chart.lines) out += line_svg(line, at, placer);
  out += flips_svg(chart, at, placer);
  if (has_names(canvas)) out += names_svg(chart, at, plot);
  return out + "</svg>";
}

std::string cost_lines_svgs(const CostLines& chart) {
  return cost_lines_svg(chart, kWide) + cost_lines_svg(chart, kNarrow);
}

}  // namespace pingjia::reports
