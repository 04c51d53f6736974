#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pingjia::reports {

/// CSS class of a series' colour: eight colours that colour-blind eyes tell apart, light and dark.
std::string series_class(std::size_t series);

/// The series' shape around (x, y); with eight colours and eight shapes sixty-four series differ.
std::string mark(std::size_t series, double x, double y, double radius);

/// A mark alone, for legends and tables.
std::string mark_icon(std::size_t series);

/// What charts need of CSS; part of the page's one style sheet.
std::string_view chart_style();

}  // namespace pingjia::reports
