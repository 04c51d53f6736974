#include "reports/svg/score_budget.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

constexpr double kRadius = 5;

struct Scales {
  Scale x;
  Scale y;
};

Scales scales_for(const std::vector<BudgetLine>& lines, const Box& plot) {
  const BudgetPoint& first = lines.front().points.front();
  double x_low = first.tokens;
  double x_high = first.tokens;
  double y_low = first.accuracy;
  double y_high = first.accuracy;
  for (const auto& line : lines) {
    for (const auto& point : line.points) {
      x_low = std::min(x_low, point.tokens);
      x_high = std::max(x_high, point.tokens);
      y_low = std::min(y_low, point.low.value_or(point.accuracy));
      y_high = std::max(y_high, point.high.value_or(point.accuracy));
    }
  }
  return {log_scale(x_low, x_high, plot.left, plot.right),
          fraction_scale(y_low, y_high, plot.bottom, plot.top)};
}

Sentence point_text(const BudgetPoint& point) {
  std::string accuracy = significant(point.accuracy);
  if (point.low && point.high) {
    accuracy += fmt::format(" [{}, {}]", significant(*point.low), significant(*point.high));
  }
  return {"{}: accuracy {} at {} output tokens per answer, at most {}",
          {point.label, accuracy, significant(point.tokens), point.budget}};
}

std::string point_svg(const BudgetPoint& point, std::size_t series, const Scales& at,
                      LabelPlacer& placer) {
  const double x = at.x(point.tokens);
  const double y = at.y(point.accuracy);
  std::string bar;
  if (point.low && point.high) {
    const double low = at.y(*point.low);
    const double high = at.y(*point.high);
    bar = fmt::format(
        "<path class=\"bar\" d=\"M{0:.1f} {1:.1f}V{2:.1f}M{3:.1f} {1:.1f}h8M{3:.1f} {2:.1f}h8\"/>",
        x, low, high, x - 4);
    placer.block({x - 4, high, x + 4, low});
  }
  placer.block({x - kRadius - 1, y - kRadius - 1, x + kRadius + 1, y + kRadius + 1});
  const Sentence text = point_text(point);
  return fmt::format(
      "<g class=\"{}\"><title class=\"word\"{}>{}</title>{}<g class=\"mark\">{}</g></g>",
      series_class(series), word_attributes(text), escape(text.text()), bar,
      mark(series, x, y, kRadius));
}

std::string line_svg(const BudgetLine& line, const Scales& at, LabelPlacer& placer) {
  std::string path;
  std::string points;
  for (const auto& point : line.points) {
    path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", at.x(point.tokens),
                        at.y(point.accuracy));
    points += point_svg(point, line.series, at, placer);
  }
  return fmt::format("<g class=\"{}\"><path class=\"curve thin\" d=\"{}\"/></g>{}",
                     series_class(line.series), path, points);
}

}  // namespace

std::string score_budget_svg(const std::vector<BudgetLine>& lines, const Canvas& canvas) {
  const Box plot = canvas.plot();
  const Scales at = scales_for(lines, plot);
  LabelPlacer placer(plot, kFontSize);
  std::string description = "Accuracy against output tokens per answer, log scale.";
  std::string drawn;
  for (const auto& line : lines) {
    drawn += line_svg(line, at, placer);
    for (const auto& point : line.points) description += " " + point_text(point).text() + ".";
  }
  // Labels last, so that none covers a point of another line.
  for (const auto& line : lines) {
    drawn += fmt::format("<g class=\"{}\">", series_class(line.series));
    for (const auto& point : line.points) {
      const std::string text = "≤ " + point.budget;
      const auto place = placer.place(at.x(point.tokens), at.y(point.accuracy), text);
      if (!place || place->far) continue;  // The tip and the table say it.
      drawn += label_text(place->x, place->y, text, "label", place->anchor);
    }
    drawn += "</g>";
  }
  std::string out =
      frame_open(canvas, description, at.x, at.y, "output tokens per answer", "accuracy");
  out += title_text(plot.right, 13, "↖ better", "", "end");
  return out + drawn + "</svg>";
}

}  // namespace pingjia::reports
