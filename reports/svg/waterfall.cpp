#include "reports/svg/waterfall.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"

namespace pingjia::reports {

namespace {

constexpr double kRow = 26;
constexpr double kBar = 15;
constexpr double kTop = 8;
constexpr double kBottom = 44;
constexpr double kNames = 124;   // Left of the bars.
constexpr double kAmounts = 62;  // Right of them.

struct Bar {
  std::string name;
  std::string amount;
  double from = 0;
  double to = 0;
  const char* style = "mark step";
};

std::vector<Bar> bars_of(const Waterfall& fall) {
  std::vector<Bar> bars;
  double sum = 0;
  for (const auto& step : fall.steps) {
    bars.push_back({step.name, significant(step.amount), sum, sum + step.amount});
    sum += step.amount;
  }
  bars.push_back({fall.total_name, significant(fall.total), 0, fall.total, "mark step sum"});
  if (fall.savings) {
    const double beside = std::max(0.0, fall.total + *fall.savings);
    bars.push_back({fall.savings_name, significant(*fall.savings), std::min(fall.total, beside),
                    std::max(fall.total, beside), "mark hollow"});
  }
  return bars;
}

std::string axis(const Scale& x, double top, double bottom, const std::string& title,
                 const Canvas& canvas) {
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
    out += line(x(tick.value), top, x(tick.value), bottom, "grid");
    out += label_text(x(tick.value), bottom + 16, tick.label, "", "middle");
  }
  out += line(x.from, top, x.from, bottom, "axis");
  return out + title_text(canvas.width - 12, canvas.height - 6, title, "name", "end");
}

std::string bar_svg(const Waterfall& fall, const Bar& bar, const Scale& x, double middle) {
  const double from = x(bar.from);
  const double width = std::max(1.5, x(bar.to) - from);
  return fmt::format(
      "<g class=\"{}\"><title>{}: {} {}</title><g class=\"{}\"><rect x=\"{:.1f}\" y=\"{:.1f}\" "
      "width=\"{:.1f}\" height=\"{:.1f}\"/></g></g>",
      series_class(fall.series), escape(fall.label), escape(bar.name), escape(bar.amount),
      bar.style, from, middle - kBar / 2, width, kBar);
}

}  // namespace

Canvas waterfall_canvas(std::size_t rows) {
  return {350, kTop + kRow * static_cast<double>(rows) + kBottom, "any"};
}

std::string waterfall_svg(const Waterfall& fall, const std::string& x_title, const Canvas& canvas) {
  const auto bars = bars_of(fall);
  double most = fall.total;
  for (const auto& bar : bars) most = std::max(most, bar.to);
  const Scale x{false, 0, most, kNames, canvas.width - kAmounts};
  const double bottom = canvas.height - kBottom;
  const double row = (bottom - kTop) / static_cast<double>(bars.size());

  std::string description = fmt::format("{}: {}.", fall.label, x_title);
  std::string drawn;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double middle = kTop + (static_cast<double>(i) + 0.5) * row;
    const bool step = i < fall.steps.size();
    description += fmt::format(" {} {}.", bars[i].name, bars[i].amount);
    if (step) {
      drawn += fmt::format("<g class=\"{}\">{}</g>", series_class(fall.series),
                           line(x(bars[i].to), middle, x(bars[i].to), middle + row, "lead"));
    }
    drawn += bar_svg(fall, bars[i], x, middle);
    drawn += title_text(kNames - 8, middle + 4, bars[i].name, "w name", "end");
    drawn += label_text(x(bars[i].to) + 6, middle + 4, bars[i].amount, "halo");
  }
  return fmt::format(
             "<svg class=\"plot {}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" "
             "aria-label=\"{}\">",
             canvas.kind, canvas.width, canvas.height, escape(description)) +
         axis(x, kTop, bottom, x_title, canvas) + drawn + "</svg>";
}

}  // namespace pingjia::reports
