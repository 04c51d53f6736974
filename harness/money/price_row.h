#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/fields.h"
#include "harness/money/calendar.h"
#include "harness/money/instant.h"
#include "harness/money/leaf.h"

namespace pingjia::harness {

/// Which tokens of a request a context tier looks at.
enum class TierSum { kInput, kFresh, kOutput, kTotal };

__int128 tier_sum(TierSum of, const LeafCounts& counts);

/// From which size of request on a row holds. The whole request is then billed by it, not only what
/// lies above: a cliff, as every provider that has tiers bills.
struct ContextTier {
  std::int64_t start = 0;
  bool inclusive = false;        ///< Holds at `start` itself too.
  TierSum of = TierSum::kInput;  ///< Default: all input leaves, cache reads and writes included.

  /// The smallest sum at which it holds.
  std::int64_t bound() const { return inclusive ? start : start + 1; }
  bool operator==(const ContextTier&) const = default;
};

/// What tokens of one model cost, under which conditions, from when to when, and who says so.
struct PriceRow {
  std::string provider;
  std::string model;  ///< A name, or a pattern in which '*' is any text and '#' one digit.
  /// A leaf without a price is unknown, never free; reasoning without one costs what output does.
  LeafPrices prices;
  std::string currency = "USD";           ///< As published; `prices` are USD all the same.
  std::string source;                     ///< Where the price was read: an address, a file.
  std::string date;                       ///< When it was read, "2025-01-31".
  std::optional<UnixSeconds> valid_from;  ///< Inclusive.
  std::optional<UnixSeconds> valid_to;    ///< Exclusive.
  std::optional<ContextTier> tier;
  std::string service_tier;  ///< Empty is the standard one; a row is of one tier only.
  bool batch = false;        ///< A batch request is billed by batch rows only.
  std::string region;        ///< Empty: wherever no row names the region.
  std::optional<Schedule> schedule;
  int layer = 0;  ///< Of two books laid over each other the later one is higher.

  const std::optional<Picodollars>& price(Leaf leaf) const {
    return prices[static_cast<std::size_t>(leaf)];
  }
  std::optional<Picodollars>& price(Leaf leaf) { return prices[static_cast<std::size_t>(leaf)]; }
};

/// Whether a model's name fits a pattern of '*' and '#'.
bool fits_pattern(std::string_view pattern, std::string_view name);

/// How closely a row names a model: above 1,000,000 by its very name, somewhat less with the
/// provider's name before one of them ("azure/gpt-4o"), else the letters of its pattern. Nothing
/// where it does not.
std::optional<int> closeness(const PriceRow& row, std::string_view model);

/// The name under which a service tier is looked up: empty for what providers call their standard
/// one ("default", "standard", "auto", "on_demand").
std::string_view service_tier_of(std::string_view name);

/// Whether two rows could price the same leaf of the same request, apart from provider and model.
bool rows_collide(const PriceRow& a, const PriceRow& b);

/// "openai gpt-5-mini, flex, above 272000 input tokens, 2025-01-01 to 2025-02-01": which row.
std::string row_text(const PriceRow& row);

/// A price object of a run file or a row of a book: leaves (decimal text or numbers, USD per
/// million tokens), "source", "date", "provider", "model", "valid_from", "valid_to", "tier",
/// "service_tier", "batch", "region", "schedule". Throws Error naming `where` for unknown keys, bad
/// prices, another currency than USD, or no price at all.
PriceRow price_row_from_json(const nlohmann::json& row, const std::string& where);

/// The same without the last check for unknown keys, and with any currency: for what a book adds.
PriceRow read_price_row(Fields& fields);

nlohmann::json to_json(const PriceRow& row);

}  // namespace pingjia::harness
