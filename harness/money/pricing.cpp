#include "harness/money/pricing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

namespace {

std::string sourced(std::string text, const std::string& source, const std::string& date) {
  if (!source.empty()) text += ", " + source;
  if (!date.empty()) text += ", " + date;
  return text;
}

// Runs of pingjia 0.1 keep one row as "price".
ApiPricing read_api(Fields& fields) {
  const nlohmann::json* tariff = fields.any("tariff");
  if (tariff == nullptr) {
    const nlohmann::json* price = fields.any("price");
    return ApiPricing(
        price_row_from_json(price ? *price : nlohmann::json(), fields.where("price")));
  }
  std::optional<UnixSeconds> at;
  if (const auto text = fields.optional_text("at")) at = parse_instant(*text, fields.where("at"));
  ApiPricing api(tariff_from_json(*tariff, fields.where("tariff")), at);
  api.as_of = fields.optional_flag("as_of").value_or(false);
  return api;
}

// The plain price at the time of pricing, and that there are others where there are.
std::string api_text(const ApiPricing& api) {
  const auto& rows = api.tariff.rows();
  const auto card = api.tariff.card({api.at.value_or(kPricesWithoutEnd), "", false, ""});
  const Quote& quote = card.steps.front().quote;
  const auto shown = [&quote](Leaf leaf) {
    const auto& price = quote.prices[static_cast<std::size_t>(leaf)];
    return price ? price_text(*price) : "?";
  };
  std::string text =
      fmt::format("${}/${} per Mtok in/out", shown(Leaf::kInput), shown(Leaf::kOutput));
  if (rows.size() > 1) text += fmt::format(" ({} rows by date, clock, size and tier)", rows.size());
  if (rows.empty()) return text;
  const int row = std::max(quote.rows[static_cast<std::size_t>(Leaf::kInput)], 0);
  text = sourced(text, rows[static_cast<std::size_t>(row)].source,
                 rows[static_cast<std::size_t>(row)].date);
  if (api.as_of && api.at) text += ", valued as of " + instant_text(*api.at);
  return text;
}

}  // namespace

ApiPricing::ApiPricing(PriceRow row) {
  row.model = "";
  std::vector<PriceRow> rows;
  rows.push_back(std::move(row));
  tariff = Tariff("", std::move(rows), {}, "price");
}

std::string_view price_basis(const Pricing& pricing) {
  constexpr std::array<std::string_view, 3> kNames{"api", "machine", "unknown"};
  return kNames[pricing.index()];
}

std::string pricing_text(const Pricing& pricing) {
  if (const auto* api = std::get_if<ApiPricing>(&pricing)) return api_text(*api);
  if (const auto* machine = std::get_if<MachinePricing>(&pricing)) {
    const Hardware& hardware = machine->hardware;
    return sourced(fmt::format("{} at ${}/h", hardware.name,
                               usd_text(hardware.usd_per_hour.value_or(Money()))),
                   hardware.source, hardware.date);
  }
  return std::get<UnknownPricing>(pricing).why;
}

std::optional<Hardware> hardware_of_system(const SystemSpec& system, const std::string& where) {
  if (system.hardware.empty()) return std::nullopt;
  return hardware_from_json(parse_json(system.hardware, where + ".hardware"), where + ".hardware");
}

Pricing pricing_of_system(const SystemSpec& system, const PriceBook& book, const PriceQuery& query,
                          std::optional<UnixSeconds> at, const std::string& where) {
  if (!system.price.empty()) {
    return ApiPricing{
        price_row_from_json(parse_json(system.price, where + ".price"), where + ".price")};
  }
  if (auto hardware = hardware_of_system(system, where)) {
    if (hardware->usd_per_hour) return MachinePricing{std::move(*hardware)};
    return UnknownPricing{"the run file's hardware names no usd_per_hour"};
  }
  if (query.model.empty()) {
    return UnknownPricing{"the run file names neither \"price\" nor \"hardware\""};
  }
  Tariff tariff = book.tariff(query, where);
  if (!tariff.empty()) return ApiPricing(std::move(tariff), at);
  return UnknownPricing{fmt::format("no price of {} '{}' in the price book",
                                    query.provider.empty() ? "model" : query.provider,
                                    query.model)};
}

nlohmann::json to_json(const Pricing& pricing) {
  nlohmann::json object{{"basis", price_basis(pricing)}};
  if (const auto* api = std::get_if<ApiPricing>(&pricing)) {
    object["tariff"] = to_json(api->tariff);
    if (api->at) object["at"] = instant_text(*api->at);
    if (api->as_of) object["as_of"] = true;
  } else if (const auto* machine = std::get_if<MachinePricing>(&pricing)) {
    object["hardware"] = to_json(machine->hardware);
  } else {
    object["why"] = std::get<UnknownPricing>(pricing).why;
  }
  return object;
}

Pricing pricing_from_json(const nlohmann::json& pricing, const std::string& where) {
  constexpr std::array<std::string_view, 3> kBases{"api", "machine", "unknown"};
  Fields fields(pricing, where);
  const std::string basis = fields.one_of("basis", kBases);
  Pricing read = UnknownPricing{};
  if (basis == "api") {
    read = read_api(fields);
  } else if (basis == "machine") {
    const nlohmann::json* hardware = fields.any("hardware");
    MachinePricing machine{
        hardware_from_json(hardware ? *hardware : nlohmann::json(), fields.where("hardware"))};
    if (!machine.hardware.usd_per_hour) {
      throw Error(fields.where("hardware"), "names no usd_per_hour", "give the price of an hour");
    }
    read = std::move(machine);
  } else {
    read = UnknownPricing{fields.text("why")};
  }
  fields.done();
  return read;
}

}  // namespace pingjia::harness
