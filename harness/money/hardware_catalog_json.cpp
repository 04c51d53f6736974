#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"
#include "harness/base/nearest.h"
#include "harness/money/hardware_catalog.h"
#include "harness/money/instant.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 2> kKinds{"gpu", "cpu"};
constexpr std::array<std::string_view, 4> kPurchaseKinds{"list", "street", "used", "system_share"};
constexpr double kMost = 1e9;  // of any figure

using SourceKeys = std::set<std::string>;

std::string read_source(Fields& fields, const SourceKeys& known) {
  std::string source = fields.text("source");
  if (!known.contains(source)) {
    const std::vector<std::string_view> names(known.begin(), known.end());
    throw Error(fields.where("source"), "'" + source + "' is not among the file's sources",
                suggest(source, names));
  }
  return source;
}

// "2025-03-18", "2025-03" or "2025": data sheets and price lists rarely know the day.
std::string read_date(Fields& fields) {
  const std::string date = fields.optional_text("date").value_or("");
  if (date.empty()) return date;
  const std::string day = date.size() == 4   ? date + "-01-01"
                          : date.size() == 7 ? date + "-01"
                                             : date;
  parse_instant(day, fields.where("date"));
  return date;
}

std::optional<Figure> read_figure(Fields& type, const std::string& key, const SourceKeys& known) {
  auto fields = type.optional_object(key);
  if (!fields) return std::nullopt;
  Figure figure{fields->number("value", 0, kMost), read_source(*fields, known)};
  fields->done();
  return figure;
}

PeakRate read_peak(Fields& fields, const SourceKeys& known) {
  PeakRate peak;
  peak.type = fields.text("type");
  peak.tflops = fields.number("tflops", 0, kMost);
  peak.source = read_source(fields, known);
  peak.measured = read_figure(fields, "measured", known);
  fields.done();
  return peak;
}

Money read_usd(Fields& fields, const std::string& key) {
  return parse_usd(fields.decimal_text(key), fields.where(key));
}

RentOffer read_rent(Fields& fields, const SourceKeys& known) {
  RentOffer offer;
  offer.tier = fields.text("tier");
  if (fields.has("usd_per_hour")) {
    offer.low = offer.median = offer.high = read_usd(fields, "usd_per_hour");
  } else {
    offer.low = read_usd(fields, "min");
    offer.median = read_usd(fields, "median");
    offer.high = read_usd(fields, "max");
    offer.n = fields.integer("n", 1, 1'000'000'000);
  }
  if (offer.low > offer.median || offer.median > offer.high) {
    throw Error(fields.where("median"), "does not lie between min and max", "swap them");
  }
  offer.date = read_date(fields);
  offer.source = read_source(fields, known);
  offer.note = fields.optional_text("note").value_or("");
  fields.done();
  return offer;
}

PurchaseOffer read_purchase(Fields& fields, const SourceKeys& known) {
  PurchaseOffer offer;
  offer.kind = fields.one_of("kind", kPurchaseKinds);
  offer.low = read_usd(fields, fields.has("usd") ? "usd" : "min");
  offer.high = fields.has("usd") ? offer.low : read_usd(fields, "max");
  if (offer.low > offer.high) throw Error(fields.where("min"), "is above max", "swap them");
  offer.date = read_date(fields);
  offer.source = read_source(fields, known);
  fields.done();
  return offer;
}

HardwareType read_type(Fields& fields, const SourceKeys& known) {
  HardwareType type;
  type.name = fields.text("name");
  type.aliases = fields.optional_texts("aliases").value_or(std::vector<std::string>{});
  type.kind = fields.one_of("kind", kKinds);
  type.vendor = fields.optional_text("vendor").value_or("");
  type.memory_gb = read_figure(fields, "memory_gb", known);
  type.memory_mib = read_figure(fields, "memory_mib", known);
  type.bandwidth_gb_s = read_figure(fields, "bandwidth_gb_s", known);
  type.tdp_w = read_figure(fields, "tdp_w", known);
  type.provisioned_kw = read_figure(fields, "provisioned_kw", known);
  for (auto& peak : fields.optional_list("peaks")) type.peaks.push_back(read_peak(peak, known));
  for (auto& rent : fields.optional_list("rents")) type.rents.push_back(read_rent(rent, known));
  for (auto& bought : fields.optional_list("purchases")) {
    type.purchases.push_back(read_purchase(bought, known));
  }
  type.note = fields.optional_text("note").value_or("");
  fields.done();
  return type;
}

std::vector<HardwareSource> read_sources(Fields& fields) {
  std::vector<HardwareSource> sources;
  for (auto& source : fields.optional_list("sources")) {
    sources.push_back({source.text("key"), source.text("title"), read_date(source)});
    source.done();
  }
  return sources;
}

json figure_json(const Figure& figure) {
  return {{"value", figure.value}, {"source", figure.source}};
}

json rent_json(const RentOffer& offer) {
  json object{{"tier", offer.tier},
              {"min", usd_text(offer.low)},
              {"median", usd_text(offer.median)},
              {"max", usd_text(offer.high)},
              {"n", offer.n},
              {"source", offer.source}};
  if (!offer.date.empty()) object["date"] = offer.date;
  if (!offer.note.empty()) object["note"] = offer.note;
  return object;
}

json purchase_json(const PurchaseOffer& offer) {
  json object{{"kind", offer.kind},
              {"min", usd_text(offer.low)},
              {"max", usd_text(offer.high)},
              {"source", offer.source}};
  if (!offer.date.empty()) object["date"] = offer.date;
  return object;
}

json peak_json(const PeakRate& peak) {
  json object{{"type", peak.type}, {"tflops", peak.tflops}, {"source", peak.source}};
  if (peak.measured) object["measured"] = figure_json(*peak.measured);
  return object;
}

}  // namespace

HardwareCatalog hardware_catalog_from_json(const json& catalog, const std::string& where) {
  Fields fields(catalog, where);
  fields.schema_version(1);
  auto sources = read_sources(fields);
  SourceKeys keys;
  for (const auto& source : sources) keys.insert(source.key);
  HardwareCatalog read({}, std::move(sources));
  std::vector<HardwareType> types;
  for (auto& machine : fields.list("machines")) {
    HardwareType type = read_type(machine, keys);
    const HardwareCatalog before(types, {});
    std::vector<std::string> names{type.name};
    names.insert(names.end(), type.aliases.begin(), type.aliases.end());
    for (const auto& name : names) {
      if (before.search(name) != nullptr) {
        throw Error(machine.where("name"), "'" + name + "' is named twice", "rename one");
      }
    }
    types.push_back(std::move(type));
  }
  fields.done();
  return {std::move(types), read.sources()};
}

HardwareCatalog load_hardware_catalog(const std::filesystem::path& file) {
  return hardware_catalog_from_json(read_json_file(file), file.string());
}

json to_json(const HardwareType& type) {
  json object{
      {"name", type.name}, {"aliases", type.aliases}, {"kind", type.kind}, {"vendor", type.vendor}};
  const auto put = [&object](const char* key, const std::optional<Figure>& figure) {
    if (figure) object[key] = figure_json(*figure);
  };
  put("memory_gb", type.memory_gb);
  put("memory_mib", type.memory_mib);
  put("bandwidth_gb_s", type.bandwidth_gb_s);
  put("tdp_w", type.tdp_w);
  put("provisioned_kw", type.provisioned_kw);
  for (const auto& peak : type.peaks) object["peaks"].push_back(peak_json(peak));
  for (const auto& rent : type.rents) object["rents"].push_back(rent_json(rent));
  for (const auto& bought : type.purchases) object["purchases"].push_back(purchase_json(bought));
  if (!type.note.empty()) object["note"] = type.note;
  return object;
}

}  // namespace pingjia::harness
