#include "reports/svg/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"

namespace pingjia::reports {

namespace {

constexpr double kLeft = 46;
constexpr double kRight = 12;
constexpr double kPanel = 54;  // Height of a panel's plot …
constexpr double kTitle = 34;  // … and of the title over it.
constexpr double kAxis = 44;   // Under the last.
constexpr double kTickGap = 18;
constexpr double kTick = 11;  // Of a failure.

struct Panel {
  double top = 0;
  Scale y;
  bool nothing = false;  // All of it is zero.
};

// Where an axis ends so that its last tick stands there.
double round_up(double most) {
  const double decade = std::pow(10, std::floor(std::log10(most)));
  for (const double step : {1.0, 2.0, 3.0, 4.0, 6.0}) {
    if (step * decade >= most * (1 - 1e-9)) return step * decade;
  }
  return 10 * decade;
}

// A panel from 0 to `most`, the n-th from above.
Panel panel(std::size_t n, double most) {
  const double top = kTitle + static_cast<double>(n) * (kPanel + kTitle);
  return {top, {false, 0, most > 0 ? round_up(most) : 1, top + kPanel, top}, most <= 0};
}

// Five digits would stand outside the picture.
bool in_thousands(const Panel& at) {
  return at.y.high >= 1e4;
}

std::string panel_frame(const Panel& at, const std::string& title, const Canvas& canvas) {
  std::string out = title_text(4, at.top - 14, title, "w name");
  Scale shown = at.y;
  if (in_thousands(at)) shown.high /= 1e3;
  for (const auto& tick : ticks(shown, kTickGap)) {
    if (at.nothing && tick.value > 0) break;
    const double y = shown(tick.value);
    out += line(kLeft, y, canvas.width - kRight, y, "grid");
    out += label_text(kLeft - 9, y + 4, tick.label, "", "end");
  }
  return out;
}

using Value = double (*)(const TimelineBin&);

// Steps: a bin is flat.
std::string steps(const Timeline& timeline, const Scale& x, const Panel& at, Value value) {
  std::string path = fmt::format("M{:.1f} {:.1f}", x.from, at.top + kPanel);
  double last = 0;
  for (const auto& bin : timeline.bins) {
    const double now = value(bin);
    if (now == last) continue;
    path += fmt::format("H{:.1f}V{:.1f}", x(bin.begin_s), at.y(now));
    last = now;
  }
  path += fmt::format("H{:.1f}", x.to);
  if (last != 0) path += fmt::format("V{:.1f}", at.top + kPanel);
  return path;
}

double most_of(const Timeline& timeline, Value value) {
  double most = 0;
  for (const auto& bin : timeline.bins) most = std::max(most, value(bin));
  return most;
}

double in_flight(const TimelineBin& bin) {
  return bin.in_flight;
}
double tokens_per_s(const TimelineBin& bin) {
  return bin.tokens_per_s;
}
double power(const TimelineBin& bin) {
  return bin.power_w.value_or(0);
}

// Nothing is drawn where power is unknown.
std::string power_path(const Timeline& timeline, const Scale& x, const Panel& at) {
  std::string path;
  bool known = false;
  for (const auto& bin : timeline.bins) {
    if (bin.power_w) {
      const double y = at.y(*bin.power_w);
      path += known ? fmt::format("V{:.1f}H{:.1f}", y, x(bin.end_s))
                    : fmt::format("M{:.1f} {:.1f}H{:.1f}", x(bin.begin_s), y, x(bin.end_s));
    }
    known = bin.power_w.has_value();
  }
  return path;
}

std::string series(const Timeline& timeline, const std::string& says, const std::string& drawn) {
  return fmt::format("<g class=\"{}\"><title>{}</title>{}</g>", series_class(timeline.series),
                     escape(timeline.label + ": " + says), drawn);
}

std::string failure_ticks(const Timeline& timeline, const Scale& x, const Panel& at,
                          const TimeUnit& unit) {
  std::string out;
  for (const auto& bin : timeline.bins) {
    if (bin.failures == 0) continue;
    const double middle = x((bin.begin_s + bin.end_s) / 2);
    out += series(timeline,
                  fmt::format("{} failed at {} {}", bin.failures,
                              significant(bin.begin_s * unit.per_second), unit.name),
                  fmt::format("<g class=\"mark fail\"><rect x=\"{:.1f}\" y=\"{:.1f}\" "
                              "width=\"2.4\" height=\"{:.1f}\"/></g>",
                              middle - 1.2, at.top + kPanel - kTick, kTick));
  }
  return out;
}

std::string time_axis(const Scale& x, double bottom, const TimeUnit& unit, const Canvas& canvas) {
  std::string out = line(x.from, bottom, x.to, bottom, "axis");
  const Scale shown{false, 0, x.high * unit.per_second, x.from, x.to};
  for (const auto& tick : ticks(shown, 44)) {
    const double at = shown(tick.value);
    const double half = text_width(tick.label, kFontSize) / 2;
    out += line(at, bottom, at, bottom + 4, "axis");
    out += label_text(std::min(at, canvas.width - half), bottom + 18, tick.label, "", "middle");
  }
  return out + title_text(x.to, canvas.height - 6,
                          fmt::format("time since its first request, {}", unit.name), "name",
                          "end");
}

std::string description_of(const Timeline& timeline, double busiest, double fastest) {
  std::int64_t failures = 0;
  for (const auto& bin : timeline.bins) failures += bin.failures;
  return fmt::format(
      "{} over time: at most {} requests in flight and {} output tokens/s, {} failures.",
      timeline.label, significant(busiest), significant(fastest), failures);
}

}  // namespace

bool has_power(const Timeline& timeline) {
  return std::any_of(timeline.bins.begin(), timeline.bins.end(),
                     [](const TimelineBin& bin) { return bin.power_w.has_value(); });
}

Canvas timeline_canvas(bool power) {
  return {350, (power ? 3 : 2) * (kPanel + kTitle) + kAxis, "any"};
}

TimeUnit time_unit(double length_s) {
  if (length_s < 300) return {"s", 1};
  if (length_s < 3 * 3600) return {"min", 1.0 / 60};
  return {"h", 1.0 / 3600};
}

std::string timeline_svg(const Timeline& timeline, const Canvas& canvas) {
  const double length = timeline.bins.back().end_s;
  const TimeUnit unit = time_unit(length);
  const Scale x{false, 0, length, kLeft, canvas.width - kRight};
  const double busiest = most_of(timeline, in_flight);
  const double fastest = most_of(timeline, tokens_per_s);
  const Panel flight = panel(0, busiest);
  const Panel rate = panel(1, fastest);
  std::string out = fmt::format(
      "<svg class=\"plot {}\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">",
      canvas.kind, canvas.width, canvas.height, escape(description_of(timeline, busiest, fastest)));
  out += panel_frame(flight, "requests in flight; ticks: failures", canvas);
  out += series(timeline, fmt::format("at most {} in flight", significant(busiest)),
                fmt::format("<g class=\"mark area\"><path d=\"{}\"/></g>",
                            steps(timeline, x, flight, in_flight)));
  out += failure_ticks(timeline, x, flight, unit);
  out += panel_frame(rate, in_thousands(rate) ? "output tokens/s, thousands" : "output tokens/s",
                     canvas);
  out += series(
      timeline, fmt::format("at most {} output tokens/s", significant(fastest)),
      fmt::format("<path class=\"curve thin\" d=\"{}\"/>", steps(timeline, x, rate, tokens_per_s)));
  double bottom = rate.top + kPanel;
  if (has_power(timeline)) {
    const Panel watts = panel(2, most_of(timeline, power));
    out += panel_frame(watts, "power, W", canvas);
    out += series(
        timeline, fmt::format("at most {} W", significant(most_of(timeline, power))),
        fmt::format("<path class=\"curve thin\" d=\"{}\"/>", power_path(timeline, x, watts)));
    bottom = watts.top + kPanel;
  }
  return out + time_axis(x, bottom, unit, canvas) + "</svg>";
}

}  // namespace pingjia::reports
