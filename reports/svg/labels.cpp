#include "reports/svg/labels.h"

#include <algorithm>

#include "reports/visible.h"

namespace pingjia::reports {

bool Box::meets(const Box& other) const {
  return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
}

bool Box::holds(const Box& other) const {
  return other.left >= left && other.right <= right && other.top >= top && other.bottom <= bottom;
}

double text_width(const std::string& text, double font_size, bool bold) {
  // By DejaVu Sans, the widest of the fonts that the page may get.
  return (bold ? 0.7 : 0.63) * font_size * static_cast<double>(display_width(text));
}

bool LabelPlacer::is_free(const Box& box) const {
  const Box wide{box.left - 3, box.top, box.right + 3, box.bottom};
  return plot_.holds(box) && std::none_of(taken_.begin(), taken_.end(),
                                          [&](const Box& other) { return wide.meets(other); });
}

std::optional<LabelPlacer::Place> LabelPlacer::place(double x, double y, const std::string& text) {
  const double width = text_width(text, font_size_, true);
  const double half = 0.5 * font_size_;
  struct Way {
    double x;  // Of the text's centre, in half widths from the point …
    double y;  // … and of its middle, in distances.
  };
  // Right and left first: beside its mark a label reads best.
  constexpr Way kWays[] = {{1, 0}, {-1, 0}, {1, -1}, {-1, -1},  {0, -1},
                           {1, 1}, {-1, 1}, {0, 1},  {0.6, -1}, {-0.6, -1}};
  for (const double distance : {10.0, 14.0, 20.0, 28.0, 38.0, 50.0, 64.0, 80.0}) {
    for (const auto& way : kWays) {
      const double gap = way.y == 0 ? distance : 0.7 * distance;
      const double middle_x = x + way.x * (width / 2 + (way.x == 1 || way.x == -1 ? gap : 0));
      const double middle_y = y + way.y * (half + gap);
      const Box box{middle_x - width / 2, middle_y - half, middle_x + width / 2, middle_y + half};
      if (!is_free(box)) continue;
      taken_.push_back({box.left - 2, box.top - 1, box.right + 2, box.bottom + 1});
      Place place{middle_x, box.bottom - 0.15 * font_size_, "middle", distance > 14, box};
      // The width is a guess: anchored at its near end, the text stays as close as it was put.
      if (way.x == 1) place.x = box.left, place.anchor = "start";
      if (way.x == -1) place.x = box.right, place.anchor = "end";
      return place;
    }
  }
  return std::nullopt;
}

}  // namespace pingjia::reports
