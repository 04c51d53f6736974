#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/html/hardware.h"
#include "reports/markup.h"
#include "reports/svg/cost_lines.h"
#include "reports/svg/mark.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

// Places by machine, each at rising loads; an API costs the same at every load.
struct LoadLine {
  std::string label;
  std::size_t series = 0;
  bool level = false;
  std::vector<harness::LoadPoint> points;
};

bool has_load(const LoadLine& line, double in_flight) {
  return std::any_of(line.points.begin(), line.points.end(),
                     [&](const auto& point) { return point.in_flight == in_flight; });
}

void add_point(std::vector<LoadLine>& lines, const Placement& place, double cost) {
  auto known = std::find_if(lines.begin(), lines.end(), [&](const LoadLine& line) {
    return !line.level && line.label == place.machine;
  });
  if (known == lines.end()) {
    lines.push_back({place.machine, place.one->series, false, {}});
    known = lines.end() - 1;
  }
  if (!has_load(*known, *place.in_flight)) known->points.push_back({*place.in_flight, cost});
}

std::vector<LoadLine> load_lines(const ModelGroup& group, const CostUnit& unit) {
  std::vector<LoadLine> lines;
  double least = INFINITY;
  double most = 0;
  for (const auto& place : group.places) {
    const auto cost = cost_of(place, unit);
    if (place.api || !cost || !place.in_flight || *place.in_flight <= 0) continue;
    add_point(lines, place, *cost);
    least = std::min(least, *place.in_flight);
    most = std::max(most, *place.in_flight);
  }
  if (least >= most) return {};
  for (auto& line : lines) {
    std::sort(line.points.begin(), line.points.end(),
              [](const auto& a, const auto& b) { return a.in_flight < b.in_flight; });
  }
  for (const auto& place : group.places) {
    const auto cost = cost_of(place, unit);
    if (!place.api || !cost) continue;
    lines.push_back({place.label, place.one->series, true, {{least, *cost}, {most, *cost}}});
  }
  return lines;
}

CostLines load_chart(const std::vector<LoadLine>& lines, const CostUnit& unit) {
  CostLines chart;
  chart.x_title = "requests in flight";
  chart.y_title = unit.column.title();
  for (const auto& line : lines) {
    CostLine& drawn = chart.lines.emplace_back();
    drawn.label = line.label;
    drawn.series = line.series;
    drawn.level = line.level;
    for (std::size_t i = 0; i < line.points.size(); ++i) {
      drawn.spots.push_back({line.points[i].in_flight, line.points[i].usd, !line.level || i == 0});
    }
  }
  for (std::size_t a = 0; a < lines.size(); ++a) {
    for (std::size_t b = a + 1; b < lines.size(); ++b) {
      for (const double load : harness::load_crossings(lines[a].points, lines[b].points)) {
        chart.flips.push_back({load, *harness::usd_at_load(lines[a].points, load),
                               fmt::format("{} and {} cost the same at {} in flight",
                                           lines[a].label, lines[b].label, significant(load))});
      }
    }
  }
  return chart;
}

std::string load_table(const CostLines& chart, const CostUnit& unit) {
  std::string out = fmt::format(
      "<table class=\"hw-loads\"><thead><tr><th class=\"l\">{}</th><th>{}</th><th>{}</th></tr>"
      "</thead><tbody>",
      tr("place"), tr("in flight"), escape(unit.column.title()));
  for (const auto& line : chart.lines) {
    for (const auto& spot : line.spots) {
      if (!spot.marked) continue;
      out += fmt::format(
          "<tr><th class=\"l\" scope=\"row\">{} {}</th><td>{}</td><td data-value=\"{}\">{}</td>"
          "</tr>",
          mark_icon(line.series), escape(line.label),
          line.level ? tr("any") : fmt::format("{}", spot.x), spot.y, significant(spot.y));
    }
  }
  return out + "</tbody></table>";
}

}  // namespace

void write_load_figure(std::string& out, const HardwareView& view, std::size_t group,
                       const CostUnit& unit) {
  const auto lines = load_lines(view.groups[group], unit);
  Figure figure;
  figure.id = fmt::format("hw-{}-load", group);
  figure.title = tr("At which load the ranking flips");
  figure.subtitle = tr("Rings: where two cost the same. Lines between marks are interpolated.");
  if (lines.empty()) {
    figure.reason =
        "every machine was run at one load. Run the same file at another concurrency and pass that "
        "directory too.";
  } else {
    const CostLines chart = load_chart(lines, unit);
    figure.svg = cost_lines_svgs(chart);
    figure.table = load_table(chart, unit);
  }
  write_figure(out, figure);
}

}  // namespace pingjia::reports
