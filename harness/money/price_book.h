#pragma once

#include <array>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/money/instant.h"
#include "harness/money/picodollars.h"

namespace pingjia::harness {

/// The disjoint kinds of token that a price can be for, as in Usage.
enum class Leaf { kInput, kCacheRead, kCacheWrite5m, kCacheWrite1h, kOutput, kReasoning };
inline constexpr std::size_t kLeaves = 6;
/// The key in price files: "input", "cache_read", "cache_write_5m", …
std::string_view leaf_name(Leaf leaf);

/// What one model cost per token, from when to when, and who says so.
struct PriceRow {
  std::string provider;
  std::string model;  ///< Exact, or a prefix that ends in '*'.
  /// A leaf without a price is unknown, never free; reasoning without one costs what output does.
  std::array<std::optional<Picodollars>, kLeaves> prices;
  std::string currency = "USD";           ///< Another is refused until rates of exchange are given.
  std::string source;                     ///< Where the price was read.
  std::string date;                       ///< When it was read, "2025-01-31".
  std::optional<UnixSeconds> valid_from;  ///< Inclusive.
  std::optional<UnixSeconds> valid_to;    ///< Exclusive.

  const std::optional<Picodollars>& price(Leaf leaf) const {
    return prices[static_cast<std::size_t>(leaf)];
  }
};

/// What is priced. More that a price may hang on (tier, region, batch) is added here.
struct PriceQuery {
  std::string provider;
  std::string model;
  std::optional<UnixSeconds> at;  ///< Nothing: the row valid without an end.
};

/// Dated prices of many models.
class PriceBook {
 public:
  PriceBook() = default;
  explicit PriceBook(std::vector<PriceRow> rows) : rows_(std::move(rows)) {}

  const std::vector<PriceRow>& rows() const { return rows_; }

  /// The row that prices `query`: an exact model before a prefix, a longer prefix before a shorter,
  /// the latest valid_from of those. Null where none is: the price is then unknown. An empty
  /// provider matches any when all matches agree on the provider.
  const PriceRow* find(const PriceQuery& query) const;

 private:
  std::vector<PriceRow> rows_;
};

/// A price object of a run file or a row of a book: leaves (decimal text or numbers, USD per
/// million tokens), "source", "date", "currency", and in a book "provider", "model",
/// "valid_from", "valid_to". Throws Error naming `where` for unknown keys, bad prices, another
/// currency than USD, or no price at all.
PriceRow price_row_from_json(const nlohmann::json& row, const std::string& where);

/// {"schema_version":1,"rows":[…]}. Throws Error; two rows of one model must not overlap in time.
PriceBook price_book_from_json(const nlohmann::json& book, const std::string& where);
PriceBook load_price_book(const std::filesystem::path& file);

nlohmann::json to_json(const PriceRow& row);

}  // namespace pingjia::harness
