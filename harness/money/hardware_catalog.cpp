#include "harness/money/hardware_catalog.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, 6> kVendorWords{"nvidia",  "amd",   "intel",
                                                       "geforce", "apple", "instinct"};

// "NVIDIA H100-SXM" -> "h100sxm": names differ by these, and by nothing else that matters.
std::string folded(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  for (bool cut = true; cut;) {
    cut = false;
    for (const auto word : kVendorWords) {
      if (plain.size() <= word.size() || plain.rfind(word, 0) != 0) continue;
      plain.erase(0, word.size());
      cut = true;
    }
  }
  return plain;
}

bool is_called(const HardwareType& type, const std::string& plain) {
  return folded(type.name) == plain ||
         std::any_of(type.aliases.begin(), type.aliases.end(),
                     [&](const auto& alias) { return folded(alias) == plain; });
}

Money weighted_median(std::vector<const RentOffer*> offers, std::int64_t n) {
  std::sort(offers.begin(), offers.end(),
            [](const auto* a, const auto* b) { return a->median < b->median; });
  // The mean of the two middle ones where half of the weight lies on each side.
  std::int64_t below = 0;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    below += offers[i]->n;
    if (2 * below < n) continue;
    if (2 * below > n || i + 1 == offers.size()) return offers[i]->median;
    return Money((offers[i]->median + offers[i + 1]->median).picodollars() / 2);
  }
  return {};
}

std::string dates_of(const std::set<std::string>& dates, bool all_dated) {
  if (dates.empty()) return "undated";
  const std::string from = *dates.begin();
  const std::string text = dates.size() == 1 ? from : from + " to " + *dates.rbegin();
  return all_dated ? text : text + " and undated";
}

}  // namespace

std::vector<std::string> HardwareType::tiers() const {
  std::vector<std::string> tiers;
  for (const auto& offer : rents) {
    if (std::find(tiers.begin(), tiers.end(), offer.tier) == tiers.end()) {
      tiers.push_back(offer.tier);
    }
  }
  return tiers;
}

std::string HardwareType::usual_tier() const {
  // What anyone can have at once comes before what must be bargained for or owned.
  for (const char* tier : {"on_demand", "marketplace", "contract_3y"}) {
    if (rent(tier)) return tier;
  }
  return rents.empty() ? "" : rents.front().tier;
}

std::optional<RentBand> HardwareType::rent(std::string_view tier) const {
  std::vector<const RentOffer*> offers;
  RentBand band;
  band.tier = tier;
  std::set<std::string> dates;
  bool all_dated = true;
  for (const auto& offer : rents) {
    if (offer.tier != tier) continue;
    band.low = offers.empty() ? offer.low : std::min(band.low, offer.low);
    band.high = offers.empty() ? offer.high : std::max(band.high, offer.high);
    band.n += offer.n;
    if (!offer.date.empty()) dates.insert(offer.date);
    all_dated = all_dated && !offer.date.empty();
    if (("+" + band.source + "+").find("+" + offer.source + "+") == std::string::npos) {
      band.source += (band.source.empty() ? "" : "+") + offer.source;
    }
    offers.push_back(&offer);
  }
  if (offers.empty()) return std::nullopt;
  band.median = weighted_median(offers, band.n);
  band.date = dates_of(dates, all_dated);
  return band;
}

const PeakRate* HardwareType::peak(std::string_view type) const {
  const auto found =
      std::find_if(peaks.begin(), peaks.end(), [&](const auto& peak) { return peak.type == type; });
  return found == peaks.end() ? nullptr : &*found;
}

HardwareCatalog::HardwareCatalog(std::vector<HardwareType> types,
                                 std::vector<HardwareSource> sources)
    : types_(std::move(types)), sources_(std::move(sources)) {}

const HardwareType* HardwareCatalog::search(std::string_view name) const {
  const std::string plain = folded(name);
  const auto found = std::find_if(types_.begin(), types_.end(),
                                  [&](const auto& type) { return is_called(type, plain); });
  return found == types_.end() || plain.empty() ? nullptr : &*found;
}

const HardwareType& HardwareCatalog::find(std::string_view name, const std::string& where) const {
  if (const HardwareType* type = search(name)) return *type;
  // Spaces and case decide nothing; an alias that is near points to its machine.
  std::vector<std::string> plain;
  std::vector<std::string_view> owners;
  std::vector<std::string_view> names;
  for (const auto& type : types_) {
    names.push_back(type.name);
    std::vector<std::string> called = type.aliases;
    called.insert(called.begin(), type.name);
    for (const auto& alias : called) {
      plain.push_back(folded(alias));
      owners.push_back(type.name);
    }
  }
  const std::vector<std::string_view> plain_names(plain.begin(), plain.end());
  const std::string near = nearest(folded(name), plain_names);
  std::string mend = suggest(name, names);
  for (std::size_t i = 0; i < plain.size() && !near.empty(); ++i) {
    if (plain[i] != near) continue;
    mend = "did you mean '" + std::string(owners[i]) + "'?";
    break;
  }
  throw Error(where, "'" + std::string(name) + "' is not in the hardware catalogue",
              mend + "; 'pingjia hardware list' shows all");
}

const HardwareSource* HardwareCatalog::source(std::string_view key) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [&](const auto& source) { return source.key == key; });
  return found == sources_.end() ? nullptr : &*found;
}

void HardwareCatalog::add(const HardwareCatalog& own) {
  for (const auto& type : own.types_) {
    std::erase_if(types_,
                  [&](const auto& known) { return folded(known.name) == folded(type.name); });
    // First, so that an alias of the user's own goes before a shipped name.
    types_.insert(types_.begin(), type);
  }
  for (const auto& source : own.sources_) {
    if (this->source(source.key) == nullptr) sources_.push_back(source);
  }
}

}  // namespace pingjia::harness
