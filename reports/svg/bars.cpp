#include "reports/svg/bars.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"
#include "reports/visible.h"

namespace pingjia::reports {

namespace {

constexpr double kRow = 38;
constexpr double kThick = 13;
constexpr double kTop = 6;
constexpr double kBottom = 44;
constexpr double kLeft = 8;
constexpr double kAmounts = 66;  // Right of the bars.
constexpr std::size_t kLongestLabel = 42;

std::string axis(const Scale& x, double bottom, const std::string& title, const Canvas& canvas) {
  std::string out;
  double gap = 40;
  auto list = ticks(x, gap);
  const auto widest = [&] {
    double width = 0;
    for (const auto& tick : list) width = std::max(width, text_width(tick.label, kFontSize));
    return width + 8;
  };
  while (list.size() > 1 && widest() > gap) list = ticks(x, gap += 10);
  for (const auto& tick : list) {
    const double half = text_width(tick.label, kFontSize) / 2;
    out += line(x(tick.value), kTop, x(tick.value), bottom, "grid");
    out += label_text(std::max(x(tick.value), half), bottom + 16, tick.label, "", "middle");
  }
  out += line(x.from, kTop, x.from, bottom, "axis");
  return out + title_text(canvas.width - 12, canvas.height - 6, title, "name", "end");
}

std::string amount_of(const Bar& bar) {
  if (!bar.value) return std::string(kUnknown);
  return significant(*bar.value);
}

std::string said(const Bar& bar) {
  std::string text = bar.label + ": " + (bar.value ? amount_of(bar) : "unknown");
  if (bar.low && bar.high) {
    text += fmt::format(" [{}, {}]", significant(*bar.low), significant(*bar.high));
  }
  return text;
}

std::string bar_svg(const Bar& bar, const Scale& x, double top) {
  const double middle = top + 25;
  const double end = x(bar.value.value_or(0));
  std::string shape = fmt::format(
      "<g class=\"mark step\"><rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>"
      "</g>",
      x.from, middle - kThick / 2, bar.value ? std::max(1.5, end - x.from) : 0.0, kThick);
  double reach = end;
  if (bar.value && bar.low && bar.high) {
    reach = std::max(end, x(*bar.high));
    shape += fmt::format(
        "<path class=\"whisker\" d=\"M{0:.1f} {2:.1f}H{1:.1f}M{0:.1f} {3:.1f}v8M{1:.1f} "
        "{3:.1f}v8\"/>",
        x(*bar.low), x(*bar.high), middle, middle - 4);
  }
  return fmt::format("<g class=\"{}\"><title>{}</title>{}</g>{}{}", series_class(bar.series),
                     escape(said(bar)), shape,
                     label_text(x.from, top + 14, elide(bar.label, kLongestLabel), "name"),
                     label_text(reach + 6, middle + 4, amount_of(bar), "halo"));
}

}  // namespace

Canvas bars_canvas(std::size_t rows) {
  return {350, kTop + kRow * static_cast<double>(rows) + kBottom, "any"};
}

std::string bars_svg(const std::vector<Bar>& bars, const std::string& x_title,
                     const Canvas& canvas) {
  double most = 0;
  for (const auto& bar : bars) {
    most = std::max({most, bar.value.value_or(0), bar.high.value_or(0)});
  }
  const Scale x{false, 0, most > 0 ? most : 1, kLeft, canvas.width - kAmounts};
  std::string description = x_title + ".";
  std::string drawn;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    description += " " + said(bars[i]) + ".";
    drawn += bar_svg(bars[i], x, kTop + kRow * static_cast<double>(i));
  }
  return fmt::format(
             "<svg class=\"plot {}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
             "aria-label=\"{}\">",
             canvas.kind, canvas.width, canvas.height, escape(description)) +
         axis(x, canvas.height - kBottom, x_title, canvas) + drawn + "</svg>";
}

}  // namespace pingjia::reports
