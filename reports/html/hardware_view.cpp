#include <algorithm>
#include <cassert>

#include "reports/html/hardware.h"
#include "reports/markup.h"
#include "reports/svg/mark.h"

namespace pingjia::reports {

namespace {

constexpr double kSmallPrice = 0.02;  // USD per million tokens.

void add_machine(HardwareView& view, const Placement& place) {
  const auto same = [&](const RentedMachine& machine) {
    return machine.name == place.machine && machine.usd_per_hour == place.by_the_hour.usd_per_hour;
  };
  if (std::any_of(view.machines.begin(), view.machines.end(), same)) return;
  view.machines.push_back({place.machine, place.by_the_hour.usd_per_hour, place.owned});
}

}  // namespace

std::size_t HardwareView::machine_of(const Placement& place) const {
  const auto found =
      std::find_if(machines.begin(), machines.end(), [&](const RentedMachine& machine) {
        return machine.name == place.machine &&
               machine.usd_per_hour == place.by_the_hour.usd_per_hour;
      });
  assert(found != machines.end());
  return static_cast<std::size_t>(found - machines.begin());
}

std::size_t HardwareView::api_of(const Placement& place) const {
  const auto found = std::find(apis.begin(), apis.end(), &place);
  assert(found != apis.end());
  return static_cast<std::size_t>(found - apis.begin());
}

HardwareView hardware_view(const Page& page) {
  HardwareView view;
  view.groups = model_groups(page.contestants);
  for (const auto& group : view.groups) {
    for (const auto& place : group.places) {
      if (place.api) {
        view.apis.push_back(&place);
      } else {
        add_machine(view, place);
      }
    }
  }
  return view;
}

CostUnit cost_unit(harness::Per per, const Page& page) {
  if (per == harness::Per::kCorrect) {
    return {per, "correct", column_for("usd_per_correct", page.rows)};
  }
  CostUnit unit{per, "mtok", column_for("usd_per_mtok_blended", page.rows)};
  unit.column.heading = "$/Mtok";
  for (const auto* row : page.rows) {
    const harness::Metric* price = metric_of(*row, unit.column.tag);
    if (price == nullptr || !price->value || *price->value >= kSmallPrice) continue;
    // Ticks with many zeros have no room beside a chart.
    unit.column.heading = "$ per billion tokens";
    unit.column.factor = 1e3;
  }
  return unit;
}

std::string place_name(const Placement& place) {
  return mark_icon(place.one->series) + " " + escape(place.label);
}

std::optional<double> cost_of(const Placement& place, const CostUnit& unit) {
  const auto usd = harness::usd_per(place.value(), unit.per);
  // Nothing that costs nothing has a place on a log axis.
  if (!usd || *usd <= 0) return std::nullopt;
  return *usd * unit.column.factor;
}

}  // namespace pingjia::reports
