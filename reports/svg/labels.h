#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pingjia::reports {

struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  bool meets(const Box& other) const;
  bool holds(const Box& other) const;
};

/// Width in pixels that a text takes at most in the page's font; no font is asked, so it errs wide.
double text_width(const std::string& text, double font_size, bool bold = false);

/// Where labels go so that none covers another label, a mark or a line.
class LabelPlacer {
 public:
  LabelPlacer(const Box& plot, double font_size) : plot_(plot), font_size_(font_size) {}

  void block(const Box& box) { taken_.push_back(box); }

  struct Place {
    double x = 0;                  ///< Where the text's `anchor` stands.
    double y = 0;                  ///< Its baseline.
    const char* anchor = "start";  ///< The end next to the point: start, middle or end.
    bool far = false;              ///< So far away that a line must lead to it.
    Box box;
  };
  /// A free place near (x, y), which is then taken; nothing when there is none.
  std::optional<Place> place(double x, double y, const std::string& text);

 private:
  bool is_free(const Box& box) const;

  Box plot_;
  double font_size_;
  std::vector<Box> taken_;
};

}  // namespace pingjia::reports
