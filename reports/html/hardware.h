#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/html/sections.h"
#include "reports/placement.h"

namespace pingjia::reports {

/// A machine whose rent a reader may change. What runs on it shares its slider.
struct RentedMachine {
  std::string name;
  std::optional<double> usd_per_hour;
  bool owned = false;
};

/// What the section on hardware shows, and what its sliders move.
struct HardwareView {
  std::vector<ModelGroup> groups;
  std::vector<RentedMachine> machines;
  std::vector<const Placement*> apis;

  /// Where the place stands among machines or APIs.
  std::size_t machine_of(const Placement& place) const;
  std::size_t api_of(const Placement& place) const;
};

HardwareView hardware_view(const Page& page);

/// A cost as the section shows it: USD per million tokens or per correct answer.
struct CostUnit {
  harness::Per per = harness::Per::kMtok;
  const char* key = "mtok";  ///< Of the page's state.
  Column column;
};
CostUnit cost_unit(harness::Per per, const Page& page);

/// The place's mark and label, as markup.
std::string place_name(const Placement& place);
/// What a unit costs there at its own rates, as the column shows it; nothing where it is unknown or
/// nothing, which has no place on a log axis.
std::optional<double> cost_of(const Placement& place, const CostUnit& unit);

/// A sentence, as markup: which place is the cheapest, and the rent up to which it stays so, or the
/// next one. Empty where fewer than two costs are known. (hardware_standing.cpp)
std::string standing_of(const HardwareView& view, const ModelGroup& group, const CostUnit& unit);
/// The same as a paragraph, or why these runs must not be ranked.
void write_standing(std::string& out, const HardwareView& view, std::size_t group,
                    const CostUnit& unit);

/// What each place gives and costs: a figure for each measure. (hardware_bars.cpp)
void write_bar_figures(std::string& out, const HardwareView& view, std::size_t group);

/// Where the rent of `machine` flips the ranking of the group's places under the first of its
/// loads_of(), all other prices as they are. (hardware_rents.cpp)
void write_rent_figure(std::string& out, const HardwareView& view, std::size_t group,
                       std::size_t machine, const CostUnit& unit);
/// Where the load does. (hardware_loads.cpp)
void write_load_figure(std::string& out, const HardwareView& view, std::size_t group,
                       const CostUnit& unit);

/// All that the page's script needs to value the section again, as JSON. (hardware_data.cpp)
std::string hardware_json(const HardwareView& view, const Page& page);

/// The figures that prices move, as the script names them.
struct Revalued {
  const char* key;
  std::optional<double> harness::Revaluation::*figure;
};
inline constexpr Revalued kRevalued[] = {
    {"usd_per_mtok", &harness::Revaluation::usd_per_mtok},
    {"usd_per_correct", &harness::Revaluation::usd_per_correct},
    {"machine_hours_per_million_correct", &harness::Revaluation::machine_hours_per_million_correct},
    {"gpu_hours_per_million_correct", &harness::Revaluation::gpu_hours_per_million_correct},
    {"energy_share", &harness::Revaluation::energy_share}};

}  // namespace pingjia::reports
