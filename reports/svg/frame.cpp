#include "reports/svg/frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/markup.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

constexpr double kTickGap = 26;  // Along the x axis, before labels are measured.
constexpr double kLineGap = 36;  // Along the y axis.

double widest(const std::vector<Tick>& list) {
  double width = 0;
  for (const auto& tick : list) width = std::max(width, text_width(tick.label, kFontSize));
  return width;
}

// Labels must not touch: how far apart ticks stand depends on how long their labels are.
std::vector<Tick> spaced_ticks(const Scale& scale) {
  double gap = kTickGap;
  while (true) {
    auto list = ticks(scale, gap);
    if (list.size() < 2 || widest(list) + 8 <= gap) return list;
    gap += 8;
  }
}

std::string x_axis(const Box& plot, const Scale& x) {
  std::string out;
  for (const auto& tick : spaced_ticks(x)) {
    const double at = x(tick.value);
    out += line(at, plot.top, at, plot.bottom, "grid");
    // A label at the very end would stick out of the picture, one at the start into the y axis'.
    const double half = text_width(tick.label, kFontSize) / 2;
    const double middle = std::clamp(at, plot.left - 6 + half, plot.right + 12 - half);
    out += label_text(middle, plot.bottom + 16, tick.label, "", "middle");
  }
  return out;
}

std::string y_axis(const Box& plot, const Scale& y) {
  std::string out;
  for (const auto& tick : ticks(y, kLineGap)) {
    const double at = y(tick.value);
    out += line(plot.left, at, plot.right, at, "grid");
    out += label_text(plot.left - 7, at + 4, tick.label, "", "end");
  }
  return out;
}

// What the page's script needs to say it in another language; nothing where the table has no such.
std::string title_attributes(const std::string& text) {
  if (!chinese(text).empty()) return word_attributes({text, {}});
  const std::size_t comma = text.rfind(", ");
  if (comma == std::string::npos || chinese(text.substr(0, comma)).empty()) return "";
  return word_attributes({"{}, {}", {text.substr(0, comma), text.substr(comma + 2)}});
}

}  // namespace

std::string line(double x1, double y1, double x2, double y2, const std::string& style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>",
                     x1, y1, x2, y2, style);
}

std::string label_text(double x, double y, const std::string& text, const std::string& style,
                       const char* anchor) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\" text-anchor=\"{}\">{}</text>", x,
                     y, style, anchor, escape(text));
}

std::string title_text(double x, double y, const std::string& text, const std::string& style,
                       const char* anchor) {
  const std::string attributes = title_attributes(text);
  return fmt::format(
      "<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}{}\" text-anchor=\"{}\"{}>{}</text>", x, y, style,
      attributes.empty() ? "" : " word", anchor, attributes, escape(text));
}

std::string frame_open(const Canvas& canvas, const std::string& description, const Scale& x,
                       const Scale& y, const std::string& x_title, const std::string& y_title) {
  const Box plot = canvas.plot();
  std::string out = fmt::format(
      "<svg class=\"plot {}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">",
      canvas.kind, canvas.width, canvas.height, escape(description));
  out += x_axis(plot, x);
  out += y_axis(plot, y);
  out += line(plot.left, plot.bottom, plot.right, plot.bottom, "axis");
  out += title_text(4, 13, y_title, "name");
  out += title_text(plot.right, canvas.height - 6, x_title, "name", "end");
  return out;
}

}  // namespace pingjia::reports
