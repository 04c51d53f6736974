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

constexpr double kRentReach = 4;  // Rents from a quarter of today's to four times it …
constexpr double kNoRent = 1;     // … or of this, where today's is not known.
constexpr int kSteps = 24;

std::string place_name(const Placement& place) {
  return mark_icon(place.one->series) + " " + escape(place.label);
}

// Under one load the machine's name is enough, where it is what the label begins with.
std::string short_name(const Placement& place) {
  return place.label.starts_with(place.machine) ? place.machine : place.label;
}

std::optional<double> cost_of(const Placement& place, const CostUnit& unit) {
  const auto usd = harness::usd_per(place.value(), unit.per);
  // Nothing that costs nothing has a place on a log axis.
  if (!usd || *usd <= 0) return std::nullopt;
  return *usd * unit.column.factor;
}

std::optional<double> cost_at(const Placement& place, double rent, const CostUnit& unit) {
  harness::MachineRates rates = place.by_the_hour;
  rates.usd_per_hour = rent;
  const auto usd = harness::usd_per(harness::revalue(place.work, rates), unit.per);
  return usd && *usd > 0 ? std::optional(*usd * unit.column.factor) : std::nullopt;
}

struct Rents {
  double low = 0;
  double high = 0;
  std::vector<double> steps;  // With today's among them.
};

Rents rents_of(const RentedMachine& machine) {
  const double middle = machine.usd_per_hour.value_or(0) > 0 ? *machine.usd_per_hour : kNoRent;
  Rents rents{middle / kRentReach, middle * kRentReach, {}};
  for (int i = 0; i <= kSteps; ++i) {
    // The middle step is today's, exactly.
    rents.steps.push_back(2 * i == kSteps ? middle
                                          : middle * std::pow(kRentReach, 2.0 * i / kSteps - 1));
  }
  return rents;
}

CostLine rent_line(const Placement& place, const Rents& rents, const CostUnit& unit) {
  CostLine line{short_name(place), place.one->series, false, {}};
  for (std::size_t i = 0; i < rents.steps.size(); ++i) {
    if (const auto cost = cost_at(place, rents.steps[i], unit)) {
      line.spots.push_back({rents.steps[i], *cost, 2 * i == kSteps});
    }
  }
  return line;
}

/// One machine's place against another place.
struct Contest {
  const Placement* machine;
  const Placement* other;
  double other_cost;  // In the column's unit.
  std::optional<double> rent;
};

// Those under one load, and APIs.
std::vector<const Placement*> under_load(const ModelGroup& group, const std::string& load) {
  std::vector<const Placement*> places;
  for (const auto& place : group.places) {
    if (place.api || place.load == load) places.push_back(&place);
  }
  return places;
}

bool is_on(const HardwareView& view, const Placement& place, std::size_t machine) {
  return !place.api && view.machine_of(place) == machine;
}

std::vector<Contest> contests_of(const HardwareView& view,
                                 const std::vector<const Placement*>& places, std::size_t machine,
                                 const CostUnit& unit) {
  std::vector<Contest> contests;
  for (const auto* place : places) {
    if (!is_on(view, *place, machine)) continue;
    for (const auto* other : places) {
      const auto cost = cost_of(*other, unit);
      if (is_on(view, *other, machine) || !cost) continue;
      contests.push_back({place, other, *cost,
                          harness::breakeven_rent(place->work, place->by_the_hour, unit.per,
                                                  *cost / unit.column.factor)});
    }
  }
  return contests;
}

std::string rent_table(const std::vector<Contest>& contests, const CostUnit& unit) {
  std::string out = fmt::format(
      "<table class=\"hw-rents\"><thead><tr><th class=\"l\">{}</th><th class=\"l\">{}</th>"
      "<th>{}</th><th>{}</th><th class=\"l\">{}</th></tr></thead><tbody>",
      tr("on the machine"), tr("against"), tr("the other's cost"), tr("break-even rent, USD/h"),
      tr("cheaper today"));
  for (const auto& contest : contests) {
    const auto own = cost_of(*contest.machine, unit);
    const bool cheaper = own && *own < contest.other_cost;
    out += fmt::format(
        "<tr><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}</td><td>{}</td>"
        "<td data-value=\"{}\">{}</td><td class=\"l\">{}</td></tr>",
        place_name(*contest.machine), place_name(*contest.other), significant(contest.other_cost),
        contest.rent ? fmt::format("{}", *contest.rent) : "",
        contest.rent ? significant(*contest.rent) : std::string(kUnknown),
        !own ? std::string(kUnknown) : place_name(cheaper ? *contest.machine : *contest.other));
  }
  return out + "</tbody></table>";
}

CostLines rent_chart(const HardwareView& view, const std::vector<const Placement*>& places,
                     std::size_t machine, const CostUnit& unit,
                     const std::vector<Contest>& contests) {
  const RentedMachine& rented = view.machines[machine];
  const Rents rents = rents_of(rented);
  CostLines chart;
  chart.x_title = "rent of " + rented.name + ", USD/h";
  chart.y_title = unit.column.title();
  for (const auto* place : places) {
    if (is_on(view, *place, machine)) {
      chart.lines.push_back(rent_line(*place, rents, unit));
    } else if (const auto cost = cost_of(*place, unit)) {
      chart.lines.push_back({short_name(*place),
                             place->one->series,
                             true,
                             {{rents.low, *cost, true}, {rents.high, *cost, false}}});
    }
  }
  for (const auto& contest : contests) {
    if (!contest.rent || *contest.rent < rents.low || *contest.rent > rents.high) continue;
    chart.flips.push_back(
        {*contest.rent, contest.other_cost,
         fmt::format("{} costs what {} does at ${} per hour", contest.machine->label,
                     contest.other->label, significant(*contest.rent))});
  }
  return chart;
}

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

std::string svgs_of(const CostLines& chart) {
  std::string out;
  for (const auto& canvas : {kWide, kNarrow}) out += cost_lines_svg(chart, canvas);
  return out;
}

}  // namespace

void write_rent_figure(std::string& out, const HardwareView& view, std::size_t group,
                       std::size_t machine, const CostUnit& unit) {
  const ModelGroup& model = view.groups[group];
  Figure figure;
  figure.id = fmt::format("hw-{}-rent", group);
  figure.title = tr("At which rent the ranking flips");
  figure.subtitle =
      tr("Rings: break-even rents. Marks: today's; dashed lines do not depend on this rent.");
  const auto loads = loads_of(model);
  const auto places = under_load(model, loads.empty() ? "" : loads.front());
  const bool served = std::any_of(places.begin(), places.end(), [&](const Placement* place) {
    return is_on(view, *place, machine) && cost_at(*place, kNoRent, unit);
  });
  if (served) {
    const auto contests = contests_of(view, places, machine, unit);
    figure.svg = svgs_of(rent_chart(view, places, machine, unit, contests));
    figure.table = rent_table(contests, unit);
  } else {
    figure.reason = "no machine's hours are known, or its tokens were not counted.";
  }
  write_figure(out, figure);
}

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
    figure.svg = svgs_of(chart);
    figure.table = load_table(chart, unit);
  }
  write_figure(out, figure);
}

}  // namespace pingjia::reports
