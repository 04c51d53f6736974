#include "harness/money/reconcile.h"

#include <algorithm>
#include <array>

namespace pingjia::harness {

namespace {

// The rows of one catalogue by the common name of their provider.
using Providers = std::map<std::string, std::vector<PriceRow>>;

std::string common_name(const ImportedPrices& prices, const std::string& provider) {
  const auto alias = prices.aliases.find(provider);
  return alias == prices.aliases.end() ? provider : alias->second;
}

Providers by_provider(const ImportedPrices& prices) {
  Providers providers;
  for (const auto& row : prices.book.rows()) {
    providers[common_name(prices, row.provider)].push_back(row);
  }
  return providers;
}

struct Plain {
  LeafPrices prices;
  bool by_the_clock = false;
  bool known = false;
};

// The plain price of a model among rows of one provider. `model` without the provider's own prefix.
Plain plain_price(const std::vector<PriceRow>& rows, const std::string& model,
                  const Calendars& calendars, UnixSeconds at) {
  int closest = -1;
  for (const auto& row : rows) {
    if (const auto close = closeness(row, model)) closest = std::max(closest, *close);
  }
  Plain plain;
  if (closest < 0) return plain;
  std::vector<PriceRow> own;
  for (const auto& row : rows) {
    if (closeness(row, model) == closest) own.push_back(row);
  }
  // Two providers of one common name may both have it: the first counts.
  std::erase_if(own, [&](const PriceRow& row) { return row.provider != own.front().provider; });
  plain.known = true;
  plain.by_the_clock =
      std::any_of(own.begin(), own.end(), [](const PriceRow& row) { return row.schedule; });
  plain.prices =
      Tariff(model, own, calendars, "").card({at, "", false, ""}).steps.front().quote.prices;
  return plain;
}

std::string short_name(const std::string& model, const std::string& provider) {
  return model.starts_with(provider + "/") ? model.substr(provider.size() + 1) : model;
}

Agreement compare(const std::optional<Picodollars>& a, const std::optional<Picodollars>& b,
                  bool by_the_clock) {
  if (!b) return Agreement::kOnlyFirst;
  if (!a) return Agreement::kOnlySecond;
  if (*a == *b) return Agreement::kAgree;
  if (*a == 0 || *b == 0) return Agreement::kFreeInOne;
  const auto apart = std::max(*a, *b) - std::min(*a, *b);
  constexpr Picodollars kHalfPercent = 200;
  if (apart * kHalfPercent < std::max(*a, *b)) return Agreement::kRounding;
  return by_the_clock ? Agreement::kByTheClock : Agreement::kDiffer;
}

void compare_leaves(const Plain& ours, const Plain& theirs, const ImportedModel& model,
                    Reconciliation& result) {
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    const auto& a = ours.prices[leaf];
    const auto& b = theirs.prices[leaf];
    if (!a && !b) continue;
    const Agreement agreement = compare(a, b, ours.by_the_clock || theirs.by_the_clock);
    ++result.leaves[agreement];
    if (agreement == Agreement::kAgree) continue;
    result.rivals.push_back(
        {model.provider, model.model, static_cast<Leaf>(leaf), agreement, a, b});
  }
}

}  // namespace

std::string_view agreement_text(Agreement agreement) {
  constexpr std::array<std::string_view, 7> kTexts{
      "agree",        "rounding", "only in the first", "only in the second", "free in one",
      "by the clock", "differ"};
  return kTexts[static_cast<std::size_t>(agreement)];
}

double Rivals::spread() const {
  if (!first || !second || *first == 0 || *second == 0) return 0;
  return static_cast<double>(std::max(*first, *second)) /
         static_cast<double>(std::min(*first, *second));
}

Reconciliation reconcile(const NamedPrices& first, const NamedPrices& second, UnixSeconds at) {
  Reconciliation result;
  result.first = first.name;
  result.second = second.name;
  const Providers ours = by_provider(*first.prices);
  const Providers theirs = by_provider(*second.prices);
  for (const auto& model : first.prices->models) {
    const std::string provider = common_name(*first.prices, model.provider);
    const auto own_rows = ours.find(provider);
    const auto other_rows = theirs.find(provider);
    if (own_rows == ours.end() || other_rows == theirs.end()) continue;
    const std::string name = short_name(model.model, model.provider);
    const Plain other = plain_price(other_rows->second, name, second.prices->book.calendars(), at);
    if (!other.known) continue;
    const Plain own =
        plain_price(own_rows->second, model.model, first.prices->book.calendars(), at);
    if (!own.known) continue;
    ++result.models;
    compare_leaves(own, other, model, result);
  }
  return result;
}

}  // namespace pingjia::harness
