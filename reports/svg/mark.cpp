#include "reports/svg/mark.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

namespace pingjia::reports {

namespace {

constexpr std::size_t kColours = 8;

// A polygon of `corners`, its radius alternating with `inner` where that is not 1 (stars).
std::string polygon(double x, double y, double radius, int corners, double turn, double inner = 1) {
  std::string points;
  const int count = inner == 1 ? corners : 2 * corners;
  for (int i = 0; i < count; ++i) {
    const double angle = turn + 2 * std::numbers::pi * i / count;
    const double reach = radius * (i % 2 == 1 ? inner : 1);
    points +=
        fmt::format("{:.1f},{:.1f} ", x + reach * std::sin(angle), y - reach * std::cos(angle));
  }
  points.pop_back();
  return fmt::format("<polygon points=\"{}\"/>", points);
}

std::string plus(double x, double y, double r) {
  const double w = 0.38 * r;
  return fmt::format(
      "<path d=\"M{:.1f} {:.1f}h{:.1f}v{:.1f}h{:.1f}v{:.1f}h{:.1f}v{:.1f}h{:.1f}v{:.1f}h{:.1f}"
      "v{:.1f}h{:.1f}z\"/>",
      x - w, y - r, 2 * w, r - w, r - w, 2 * w, w - r, r - w, -2 * w, w - r, w - r, -2 * w, r - w);
}

}  // namespace

std::string series_class(std::size_t series) {
  return fmt::format("s{}", series % kColours);
}

std::string mark(std::size_t series, double x, double y, double radius) {
  constexpr double kHalf = std::numbers::pi;
  // Each further round of the colours moves the shapes on by one.
  switch ((series + series / kColours) % kColours) {
    case 0:
      return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>", x, y, radius);
    case 1:
      return polygon(x, y, 1.25 * radius, 4, kHalf / 4);
    case 2:
      return polygon(x, y, 1.3 * radius, 3, 0);
    case 3:
      return polygon(x, y, 1.3 * radius, 4, 0);
    case 4:
      return polygon(x, y, 1.3 * radius, 3, kHalf);
    case 5:
      return plus(x, y, 1.2 * radius);
    case 6:
      return polygon(x, y, 1.4 * radius, 5, 0, 0.45);
    default:
      return polygon(x, y, 1.1 * radius, 6, kHalf / 6);
  }
}

std::string mark_icon(std::size_t series) {
  return fmt::format("<svg class=\"icon {}\" viewBox=\"0 0 14 14\" aria-hidden=\"true\">{}</svg>",
                     series_class(series), mark(series, 7, 7, 4.6));
}

std::string_view chart_style() {
  return R"(
:root{--c0:#0b62a4;--c1:#c04a08;--c2:#0a7a58;--c3:#8a449b;--c4:#806300;--c5:#0f7587;--c6:#b02f5b;--c7:#5a5f66}
@media (prefers-color-scheme:dark){:root{--c0:#6db3f2;--c1:#ff9a5c;--c2:#4fd1a5;--c3:#d59be3;--c4:#dfc25a;--c5:#5fd0e0;--c6:#f58aa9;--c7:#bcc1c7}}
.s0{--c:var(--c0)}.s1{--c:var(--c1)}.s2{--c:var(--c2)}.s3{--c:var(--c3)}
.s4{--c:var(--c4)}.s5{--c:var(--c5)}.s6{--c:var(--c6)}.s7{--c:var(--c7)}
svg.plot{display:block;width:100%;height:auto;font-family:inherit;overflow:visible}
svg.plot text{font-size:12px;fill:var(--soft)}
svg.plot .label{fill:var(--c);font-weight:600;paint-order:stroke;stroke:var(--bg);stroke-width:3px;stroke-linejoin:round}
svg.plot .halo{paint-order:stroke;stroke:var(--bg);stroke-width:3px;stroke-linejoin:round}
svg.plot .name{fill:var(--fg)}
.grid{stroke:var(--line);stroke-width:1}
.axis{stroke:var(--soft);stroke-width:1}
.mark{fill:var(--c);stroke:var(--bg);stroke-width:1.2}
.bar{stroke:var(--c);stroke-width:1.5;fill:none;opacity:.75}
.faded{opacity:.55}
.front{stroke:var(--soft);stroke-width:1.3;stroke-dasharray:5 4;fill:none}
.reach{fill:var(--soft);opacity:.07}
.front-band{fill:var(--link);opacity:.13}
.parity{fill:none;stroke:var(--c);stroke-width:1.4}.parity.open{stroke-dasharray:2.5 2.5}
.lead{stroke:var(--c);stroke-width:.8;opacity:.6}
.curve{stroke:var(--c);stroke-width:2;fill:none;stroke-linejoin:round}
.d1{stroke-dasharray:7 3}.d2{stroke-dasharray:2 2.5}.d3{stroke-dasharray:9 3 2 3}
.step{stroke:none}
.sum{fill:var(--soft)}
.hollow{fill:none;stroke:var(--c);stroke-width:1.5;stroke-dasharray:4 2.5}
.iso{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 3}
.area{fill-opacity:.45;stroke:none}
.fail{fill:var(--bad);stroke:none}
.thin{stroke-width:1.4}
.whisker{stroke:var(--fg);stroke-width:1.2;fill:none;opacity:.8}
.flip circle{fill:none;stroke:var(--fg);stroke-width:1.6}
.roof{stroke:var(--fg);stroke-width:1.4}
.other .mark{fill:var(--bg);stroke:var(--c);stroke-width:1.6}
.other .icon{fill:none;stroke:var(--c);stroke-width:1.8}
.h0{fill:var(--link);fill-opacity:.04}.h1{fill:var(--link);fill-opacity:.13}.h2{fill:var(--link);fill-opacity:.22}
.h3{fill:var(--link);fill-opacity:.31}.h4{fill:var(--link);fill-opacity:.4}.h5{fill:var(--link);fill-opacity:.5}
.bare{fill:var(--band)}
.icon{width:.85em;height:.85em;vertical-align:-.06em;fill:var(--c);overflow:visible}
)";
}

}  // namespace pingjia::reports
