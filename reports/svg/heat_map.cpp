#include "reports/svg/heat_map.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/markup.h"
#include "reports/svg/frame.h"
#include "reports/svg/mark.h"
#include "reports/visible.h"

namespace pingjia::reports {

namespace {

constexpr double kHead = 46;      // Over the cells: the corner's line, the columns' marks.
constexpr double kHigh = 24;      // Of a row.
constexpr double kMostWide = 72;  // Of a cell.
constexpr int kShades = 6;

// As much of the text as `width` pixels hold.
std::string fitting(const std::string& text, double width) {
  std::size_t columns = display_width(text);
  std::string shown = text;
  while (columns > 1 && text_width(shown, kFontSize) > width) shown = elide(text, --columns);
  return shown;
}

double widest_label(const HeatMap& map) {
  double widest = 0;
  for (const auto& row : map.rows) widest = std::max(widest, text_width(row.label, kFontSize));
  return widest;
}

std::string cell_svg(const HeatCell& cell, double x, double y, double wide) {
  std::string shade = "bare";
  if (cell.share) {
    const auto step = static_cast<int>(std::clamp(*cell.share, 0.0, 1.0) * kShades);
    shade = fmt::format("h{}", std::min(step, kShades - 1));
  }
  return fmt::format(
      "<g><title>{}</title><g class=\"mark cell\"><rect x=\"{:.1f}\" y=\"{:.1f}\" "
      "width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\"/></g>{}</g>",
      escape(cell.title), x + 1, y + 1, wide - 2, kHigh - 2, shade,
      label_text(x + wide / 2, y + kHigh / 2 + 4, cell.text, "name", "middle"));
}

std::string description(const HeatMap& map) {
  std::string text = "Columns:";
  for (const auto& column : map.columns) text += " " + column.name + ";";
  for (const auto& row : map.rows) {
    text += fmt::format(" {}:", row.label);
    for (const auto& cell : row.cells) text += cell ? " " + cell->text + ";" : " not measured;";
  }
  return text;
}

}  // namespace

std::string heat_map_svg(const HeatMap& map, double width, const char* kind) {
  const double columns = static_cast<double>(std::max<std::size_t>(map.columns.size(), 1));
  const double wide = std::min(kMostWide, 0.6 * width / columns);
  const double names = std::min(width - wide * columns, widest_label(map) + 24);
  const double height = kHead + kHigh * static_cast<double>(map.rows.size()) + 2;
  std::string out = fmt::format(
      "<svg class=\"plot {}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">", kind,
      width, height, escape(description(map)));
  out += label_text(2, 13, fitting(map.corner, width - 4), "");
  for (std::size_t i = 0; i < map.columns.size(); ++i) {
    const auto& column = map.columns[i];
    const double x = names + wide * (static_cast<double>(i) + 0.5);
    out += fmt::format("<g class=\"{}{}\"><title>{}</title><g class=\"mark\">{}</g></g>",
                       series_class(column.series), column.ours ? "" : " other",
                       escape(column.name), mark(column.series, x, kHead - 13, 5));
  }
  for (std::size_t r = 0; r < map.rows.size(); ++r) {
    const double y = kHead + kHigh * static_cast<double>(r);
    out += label_text(2, y + kHigh / 2 + 4, fitting(map.rows[r].label, names - 10), "name");
    for (std::size_t i = 0; i < map.rows[r].cells.size(); ++i) {
      const auto& cell = map.rows[r].cells[i];
      if (cell) out += cell_svg(*cell, names + wide * static_cast<double>(i), y, wide);
    }
  }
  return out + "</svg>";
}

}  // namespace pingjia::reports
