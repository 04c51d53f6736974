#pragma once

#include <string>

#include "reports/svg/labels.h"
#include "reports/svg/scale.h"

namespace pingjia::reports {

/// A chart's place on the page. Each is drawn twice, for a wide and for a phone's page, because
/// shrinking one picture would shrink its letters.
struct Canvas {
  double width = 560;
  double height = 380;
  const char* kind = "wide";  ///< CSS class: "wide", "narrow", or "any".

  /// Where the data go: inside the axes.
  Box plot() const { return {46, 26, width - 12, height - 44}; }
};

inline constexpr Canvas kWide{560, 380, "wide"};
inline constexpr Canvas kNarrow{350, 300, "narrow"};
inline constexpr Canvas kSmall{350, 270, "any"};

inline constexpr double kFontSize = 12;

/// `<svg …>` with the description that stands for the picture, grid, ticks and axis titles, which
/// are texts of the interface.
std::string frame_open(const Canvas& canvas, const std::string& description, const Scale& x,
                       const Scale& y, const std::string& x_title, const std::string& y_title);

std::string line(double x1, double y1, double x2, double y2, const std::string& style);

/// Escapes the text; `anchor` is start, middle or end.
std::string label_text(double x, double y, const std::string& text, const std::string& style,
                       const char* anchor = "start");

/// The same of a text of the interface, which then follows the page's language: one of the table
/// (reports/words.h), or two of them as "heading, unit"; another stays as it is. Never a name.
std::string title_text(double x, double y, const std::string& text, const std::string& style,
                       const char* anchor = "start");

}  // namespace pingjia::reports
