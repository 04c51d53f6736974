#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pingjia::reports {

struct HeatColumn {
  std::string name;
  std::size_t series = 0;  ///< Its mark stands over the column.
  bool ours = false;       ///< Filled; the others' marks are hollow.
};

struct HeatCell {
  std::optional<double> share;  ///< The colour: 0 pale to 1 strong. Nothing: no colour.
  std::string text;             ///< A number, or the sign of why there is none.
  std::string title;            ///< The whole, for a tip.
};

struct HeatRow {
  std::string label;
  std::vector<std::optional<HeatCell>> cells;  ///< One per column; nothing: not measured.
};

struct HeatMap {
  std::string corner;  ///< What the rows' numbers are.
  std::vector<HeatColumn> columns;
  std::vector<HeatRow> rows;
};

/// A grid of numbers with colours, `width` pixels wide and as high as its rows; `kind` is the CSS
/// class that shows it, as a Canvas has.
std::string heat_map_svg(const HeatMap& map, double width, const char* kind);

}  // namespace pingjia::reports
