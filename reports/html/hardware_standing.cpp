#include <fmt/format.h>

#include <algorithm>

#include "reports/html/hardware.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

constexpr std::string_view kStart = "no ranking by cost: ";  // As summaries write it.

// Why the runs that took part must not be ranked by cost; empty: they may.
std::string refusal_of(const ModelGroup& group) {
  for (const auto& place : group.places) {
    for (const auto& reason : place.one->run->summary.no_ranking) {
      // Of a system that takes no part it does not matter here.
      if (!reason.starts_with(fmt::format("{}{} ", kStart, place.one->system))) continue;
      return visible(reason.substr(kStart.size()));
    }
  }
  return "";
}

/// The least rent at which another place costs what the cheapest does.
struct Flip {
  const Placement* other;
  double rent;
};

std::optional<Flip> first_flip(const HardwareView& view, const ModelGroup& group,
                               const Placement& cheapest, const CostUnit& unit) {
  std::optional<Flip> first;
  if (cheapest.api) return first;
  for (const auto& other : group.places) {
    if (!other.api && view.machine_of(other) == view.machine_of(cheapest)) continue;
    const auto cost = cost_of(other, unit);
    if (!cost) continue;
    const auto rent = harness::breakeven_rent(cheapest.work, cheapest.by_the_hour, unit.per,
                                              *cost / unit.column.factor);
    if (rent && (!first || *rent < first->rent)) first = Flip{&other, *rent};
  }
  return first;
}

// "$0.0707/Mtok", "$4.07 per billion tokens": every title begins with its "$".
std::string cost_text(const Placement& place, const CostUnit& unit) {
  return "$" + significant(*cost_of(place, unit)) + unit.column.title().substr(1);
}

}  // namespace

std::string standing_of(const HardwareView& view, const ModelGroup& group, const CostUnit& unit) {
  std::vector<const Placement*> ranked;
  for (const auto& place : group.places) {
    if (cost_of(place, unit)) ranked.push_back(&place);
  }
  if (ranked.size() < 2) return "";
  std::stable_sort(ranked.begin(), ranked.end(), [&](const auto* a, const auto* b) {
    return *cost_of(*a, unit) < *cost_of(*b, unit);
  });
  const Placement& first = *ranked[0];
  if (const auto flip = first_flip(view, group, first, unit)) {
    return tr(
        "Cheapest: {} at {}. It stays so until its rent reaches ${} per hour, where {} costs "
        "the same.",
        {first.label, cost_text(first, unit), significant(flip->rent), flip->other->label});
  }
  return tr("Cheapest: {} at {}; next: {} at {}.",
            {first.label, cost_text(first, unit), ranked[1]->label, cost_text(*ranked[1], unit)});
}

void write_standing(std::string& out, const HardwareView& view, std::size_t group,
                    const CostUnit& unit) {
  const ModelGroup& model = view.groups[group];
  if (const std::string refusal = refusal_of(model); !refusal.empty()) {
    out += paragraph("reason", "No ranking by cost: {}.", {refusal});
    return;
  }
  // The script says it again after a change of prices.
  out += fmt::format("<p class=\"hw-standing\" id=\"hw-{}-standing\">{}</p>\n", group,
                     standing_of(view, model, unit));
}

}  // namespace pingjia::reports
