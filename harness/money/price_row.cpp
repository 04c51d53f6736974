#include "harness/money/price_row.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pingjia::harness {

namespace {

// How a name without the provider's, or with it, ranks against the very name.
constexpr int kByName = 1'000'000;
constexpr int kByLongName = 900'000;

bool ranges_meet(const PriceRow& a, const PriceRow& b) {
  const bool a_first = a.valid_to && b.valid_from && *a.valid_to <= *b.valid_from;
  const bool b_first = b.valid_to && a.valid_from && *b.valid_to <= *a.valid_from;
  return !a_first && !b_first;
}

// "azure/gpt-4o" is "gpt-4o" of azure.
std::string_view without_provider(std::string_view name, std::string_view provider) {
  if (!provider.empty() && name.size() > provider.size() + 1 && name.starts_with(provider) &&
      name[provider.size()] == '/') {
    return name.substr(provider.size() + 1);
  }
  return name;
}

}  // namespace

__int128 tier_sum(TierSum of, const LeafCounts& counts) {
  if (of == TierSum::kFresh) return counts[static_cast<std::size_t>(Leaf::kInput)];
  __int128 input = 0;
  __int128 output = 0;
  for (std::size_t i = 0; i < kLeaves; ++i) {
    (is_input(static_cast<Leaf>(i)) ? input : output) += counts[i];
  }
  if (of == TierSum::kTotal) return input + output;
  return of == TierSum::kInput ? input : output;
}

bool fits_pattern(std::string_view pattern, std::string_view name) {
  // The usual greedy walk: at a mismatch the last star takes one letter more.
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (n < name.size()) {
    const bool digit = name[n] >= '0' && name[n] <= '9';
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && (pattern[p] == name[n] || (pattern[p] == '#' && digit))) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::optional<int> closeness(const PriceRow& row, std::string_view model) {
  if (row.model == model) return kByName;
  const auto short_name = without_provider(model, row.provider);
  const auto short_row = without_provider(row.model, row.provider);
  if (short_name == short_row) return kByLongName;
  if (row.model.find_first_of("*#") == std::string::npos) return std::nullopt;
  if (!fits_pattern(short_row, short_name)) return std::nullopt;
  return static_cast<int>(short_row.size() - std::count(short_row.begin(), short_row.end(), '*'));
}

std::string_view service_tier_of(std::string_view name) {
  constexpr std::array<std::string_view, 4> kStandard{"default", "standard", "auto", "on_demand"};
  const bool standard = std::find(kStandard.begin(), kStandard.end(), name) != kStandard.end();
  return standard ? std::string_view() : name;
}

bool rows_collide(const PriceRow& a, const PriceRow& b) {
  if (a.layer != b.layer || a.service_tier != b.service_tier || a.batch != b.batch) return false;
  if (a.region != b.region || a.tier != b.tier || !ranges_meet(a, b)) return false;
  if (a.schedule.has_value() != b.schedule.has_value()) return false;
  if (a.schedule && !schedules_meet(*a.schedule, *b.schedule)) return false;
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    if (a.prices[leaf] && b.prices[leaf]) return true;
  }
  return false;
}

std::string row_text(const PriceRow& row) {
  std::string text = row.provider.empty() ? row.model : row.provider + " " + row.model;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
  if (!row.service_tier.empty()) add(row.service_tier);
  if (row.batch) add("batch");
  if (!row.region.empty()) add("region " + row.region);
  if (row.tier) {
    constexpr std::array<std::string_view, 4> kSums{"input", "fresh", "output", "total"};
    add(fmt::format("{} {} {} tokens", row.tier->inclusive ? "from" : "above", row.tier->start,
                    kSums[static_cast<std::size_t>(row.tier->of)]));
  }
  if (row.schedule) {
    add("by the clock of " + row.schedule->zone);
  }
  if (row.valid_from && row.valid_to) {
    add(instant_text(*row.valid_from) + " to " + instant_text(*row.valid_to));
  } else if (row.valid_from) {
    add("since " + instant_text(*row.valid_from));
  } else if (row.valid_to) {
    add("until " + instant_text(*row.valid_to));
  }
  return text;
}

}  // namespace pingjia::harness
