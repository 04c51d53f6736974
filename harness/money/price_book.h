#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/money/calendar.h"
#include "harness/money/price_row.h"
#include "harness/money/tariff.h"

namespace pingjia::harness {

/// Whose price is asked for.
struct PriceQuery {
  std::string provider;  ///< Empty: any, when only one provider prices the model.
  std::string model;
};

/// Dated prices of many models.
class PriceBook {
 public:
  PriceBook() = default;
  /// Throws Error naming `where` where two rows of one model could price the same tokens, or a
  /// schedule names a calendar that is not there.
  PriceBook(std::vector<PriceRow> rows, Calendars calendars, const std::string& where);

  const std::vector<PriceRow>& rows() const { return rows_; }
  const Calendars& calendars() const { return calendars_; }

  /// Lays `above` over this book: its rows count first, and what they leave out comes from here.
  void overlay(const PriceBook& above);

  /// The rows that price a model; an empty tariff where there is none. Throws Error naming `where`
  /// when no provider was asked for and several price it.
  Tariff tariff(const PriceQuery& query, const std::string& where) const;

  /// How to mend a query without an answer: "did you mean 'gpt-5-mini' of openai?"
  std::string suggestion(const PriceQuery& query) const;

 private:
  std::vector<PriceRow> rows_;
  Calendars calendars_;
};

/// {"schema_version": 1, "calendars": {NAME: …}, "exchange_rates": […], "rows": […]}. A row may
/// give "models", a list of names, in the place of "model". Throws Error.
PriceBook price_book_from_json(const nlohmann::json& book, const std::string& where);
PriceBook load_price_book(const std::filesystem::path& file);

nlohmann::json to_json(const PriceBook& book);

}  // namespace pingjia::harness
