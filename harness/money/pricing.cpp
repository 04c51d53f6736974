#include "harness/money/pricing.h"

#include <fmt/format.h>

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

}  // namespace

std::string_view price_basis(const Pricing& pricing) {
  constexpr std::array<std::string_view, 3> kNames{"api", "machine", "unknown"};
  return kNames[pricing.index()];
}

std::string pricing_text(const Pricing& pricing) {
  if (const auto* api = std::get_if<ApiPricing>(&pricing)) {
    const auto& input = api->row.price(Leaf::kInput);
    const auto& output = api->row.price(Leaf::kOutput);
    return sourced(fmt::format("${}/${} per Mtok in/out", input ? price_text(*input) : "?",
                               output ? price_text(*output) : "?"),
                   api->row.source, api->row.date);
  }
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
                          const std::string& where) {
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
  if (const PriceRow* row = book.find(query)) return ApiPricing{*row};
  return UnknownPricing{fmt::format("no price of {} '{}' in the price book",
                                    query.provider.empty() ? "model" : query.provider,
                                    query.model)};
}

nlohmann::json to_json(const Pricing& pricing) {
  nlohmann::json object{{"basis", price_basis(pricing)}};
  if (const auto* api = std::get_if<ApiPricing>(&pricing)) {
    object["price"] = to_json(api->row);
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
    const nlohmann::json* price = fields.any("price");
    read =
        ApiPricing{price_row_from_json(price ? *price : nlohmann::json(), fields.where("price"))};
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
