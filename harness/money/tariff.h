#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/money/price_row.h"

namespace pingjia::harness {

/// What a price may hang on besides the tokens.
struct Terms {
  UnixSeconds at = 0;
  std::string service_tier;  ///< The one that served; empty is standard.
  bool batch = false;
  std::string region;

  bool operator==(const Terms&) const = default;
};

/// The price of each leaf, and the row that gives it.
struct Quote {
  LeafPrices prices;
  std::array<int, kLeaves> rows{};  ///< Index into the tariff's rows; where there is no price, -1.

  Quote() { rows.fill(-1); }
};

/// All quotes for some terms, by size of request.
struct QuoteCard {
  struct Step {
    std::int64_t bound = 0;  ///< Smallest sum at which it holds.
    Quote quote;
  };
  TierSum of = TierSum::kInput;
  std::vector<Step> steps;  ///< Rising bounds, the first 0.
  UnixSeconds until = 0;    ///< From `Terms::at` until here nothing changes.

  const Quote& quote(const LeafCounts& counts) const;
};

/// Everything that is known of the price of one model of one provider.
///
/// For each request the most specific rows count: of a later book before an earlier one; by the
/// model's name before a pattern, a longer pattern before a shorter; for the region before for any;
/// of the highest context tier that holds; by the clock before by the date alone. What those rows
/// do not price may come from an earlier book, and is otherwise unknown: no tier, service tier or
/// batch price is made up of another's.
class Tariff {
 public:
  Tariff() = default;
  /// Rows that do not fit `model` are left out. Throws Error naming `where` where two rows could
  /// price the same leaf of one request, or tiers count different sums.
  Tariff(std::string model, std::vector<PriceRow> rows, Calendars calendars,
         const std::string& where);

  const std::string& model() const { return model_; }
  const std::vector<PriceRow>& rows() const { return rows_; }
  const Calendars& calendars() const { return calendars_; }
  bool empty() const { return rows_.empty(); }

  QuoteCard card(const Terms& terms) const;

 private:
  bool holds(const PriceRow& row, const Terms& terms, std::int64_t sum) const;
  void fill_layer(int layer, const Terms& terms, std::int64_t sum, Quote& quote) const;

  std::string model_;
  std::vector<PriceRow> rows_;
  std::vector<int> closeness_;  // Of each row.
  Calendars calendars_;
  TierSum of_ = TierSum::kInput;
};

/// Gives cards of one tariff, and remembers the last: requests come in the order of time.
class Pricer {
 public:
  explicit Pricer(const Tariff& tariff) : tariff_(&tariff) {}

  const QuoteCard& card(const Terms& terms) {
    if (!fresh_ || terms.at < terms_.at || terms.at >= card_.until || !same(terms)) renew(terms);
    return card_;
  }

 private:
  bool same(const Terms& terms) const {
    return terms.service_tier == terms_.service_tier && terms.batch == terms_.batch &&
           terms.region == terms_.region;
  }
  void renew(const Terms& terms);

  const Tariff* tariff_;
  Terms terms_;
  QuoteCard card_;
  bool fresh_ = false;
};

/// Both ways, for run.json: {"model", "rows", "calendars"}.
nlohmann::json to_json(const Tariff& tariff);
Tariff tariff_from_json(const nlohmann::json& tariff, const std::string& where);

}  // namespace pingjia::harness
