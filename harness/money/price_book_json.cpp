#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"
#include "harness/money/exchange.h"
#include "harness/money/price_book.h"
#include "harness/record/record.h"

namespace pingjia::harness {

namespace {

std::vector<std::string> names_of(Fields& fields, const PriceRow& row) {
  auto names = fields.optional_texts("models").value_or(std::vector<std::string>());
  if (names.empty() == row.model.empty()) {
    throw Error(fields.where(), names.empty() ? "names no model" : "has both model and models",
                "give \"model\", or \"models\" for several names of one price");
  }
  if (names.empty()) names.push_back(row.model);
  return names;
}

void read_row(Fields& fields, const std::vector<ExchangeRate>& rates, std::vector<PriceRow>& rows) {
  PriceRow row = read_price_row(fields);
  const auto names = names_of(fields, row);
  fields.text("provider");
  fields.done();
  if (row.source.empty() || row.date.empty()) {
    throw Error(fields.where(), "has no source or no date", "say where and when it was read");
  }
  for (const auto& name : names) {
    row.model = name;
    for (auto& part : in_dollars(row, rates, fields.where("currency"))) {
      rows.push_back(std::move(part));
    }
  }
}

}  // namespace

PriceBook price_book_from_json(const nlohmann::json& book, const std::string& where) {
  Fields fields(book, where);
  fields.schema_version(kSchemaVersion);
  Calendars calendars;
  if (const nlohmann::json* given = fields.any("calendars")) {
    const Fields object(*given, fields.where("calendars"));
    for (const auto& [name, calendar] : given->items()) {
      calendars[name] = calendar_from_json(calendar, fields.where("calendars") + "." + name);
    }
  }
  std::vector<ExchangeRate> rates;
  if (const nlohmann::json* given = fields.any("exchange_rates")) {
    fields.list("exchange_rates");
    for (std::size_t i = 0; i < given->size(); ++i) {
      rates.push_back(exchange_rate_from_json(
          (*given)[i], fields.where("exchange_rates") + "[" + std::to_string(i) + "]"));
    }
  }
  std::vector<PriceRow> rows;
  for (Fields& row : fields.list("rows")) read_row(row, rates, rows);
  fields.done();
  return {std::move(rows), std::move(calendars), where};
}

PriceBook load_price_book(const std::filesystem::path& file) {
  return price_book_from_json(read_json_file(file), file.string());
}

nlohmann::json to_json(const PriceBook& book) {
  nlohmann::json object{{"schema_version", kSchemaVersion}, {"rows", nlohmann::json::array()}};
  for (const auto& [name, calendar] : book.calendars()) {
    object["calendars"][name] = to_json(calendar);
  }
  for (const auto& row : book.rows()) object["rows"].push_back(to_json(row));
  return object;
}

}  // namespace pingjia::harness
