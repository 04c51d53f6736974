#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/html/hardware.h"
#include "reports/markup.h"
#include "reports/svg/cost_lines.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

constexpr double kRentReach = 4;  // Rents from a quarter of today's to four times it …
constexpr double kNoRent = 1;     // … or of this, where today's is not known.
constexpr int kSteps = 24;

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
  CostLine line{place.label, place.one->series, false, {}};
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

// Under one load the machine's name is enough, where no other place has it.
std::string short_name(const std::vector<const Placement*>& places, const Placement& place) {
  const auto same = std::count_if(places.begin(), places.end(), [&](const Placement* other) {
    return other->machine == place.machine;
  });
  return same == 1 ? place.machine : place.label;
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
      chart.lines.back().label = short_name(places, *place);
    } else if (const auto cost = cost_of(*place, unit)) {
      chart.lines.push_back({short_name(places, *place),
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
    figure.svg = cost_lines_svgs(rent_chart(view, places, machine, unit, contests));
    figure.table = rent_table(contests, unit);
  } else {
    figure.reason = "no machine's hours are known, or its tokens were not counted.";
  }
  write_figure(out, figure);
}

}  // namespace pingjia::reports
