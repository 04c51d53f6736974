#pragma once

#include <string>

#include "adapters/table.h"
#include "harness/money/cost.h"
#include "harness/money/price_format.h"

namespace pingjia::adapters {

/// A catalogue's text, its format told by what is in it.
inline harness::ImportedPrices read_text(const std::string& text) {
  return harness::read_prices(price_formats(), text, {"file", "2026-08-01"}, "file");
}

/// The price of one leaf, in USD per Mtok; "none" where it is unknown.
inline std::string price_in(const harness::ImportedPrices& prices, const std::string& model,
                            harness::Leaf leaf, std::int64_t input_tokens = 0,
                            const harness::Terms& terms = {1'785'542'400, "", false, ""}) {
  harness::LeafCounts counts{};
  counts[0] = input_tokens;
  const auto card = prices.book.tariff({"", model}, "t").card(terms);
  const auto& price = card.quote(counts).prices[static_cast<std::size_t>(leaf)];
  return price ? harness::price_text(*price) : "none";
}

/// How many of a class were met.
inline std::size_t count_of(const harness::ImportedPrices& prices, const std::string& what) {
  const auto found = prices.classes.find(what);
  return found == prices.classes.end() ? 0 : found->second.count;
}

}  // namespace pingjia::adapters
