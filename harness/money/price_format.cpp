#include "harness/money/price_format.h"

#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/decimal_json.h"
#include "harness/base/error.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

bool is_native(const json& file) {
  return file.is_object() && (file.contains("schema_version") || file.contains("rows"));
}

ImportedPrices read_native(std::string_view text, const std::string& where) {
  ImportedPrices imported;
  imported.book = price_book_from_json(parse_json(text, where), where);
  std::map<std::pair<std::string, std::string>, LeafPrices> plain;
  for (const auto& row : imported.book.rows()) {
    LeafPrices& prices = plain[{row.provider, row.model}];
    if (!row.service_tier.empty() || row.batch || row.tier || !row.region.empty()) continue;
    for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
      if (row.prices[leaf]) prices[leaf] = row.prices[leaf];
    }
  }
  for (const auto& [name, prices] : plain) {
    imported.models.push_back({name.first, name.second, "", import_state(prices)});
  }
  return imported;
}

}  // namespace

std::string_view import_state(const LeafPrices& plain) {
  const auto& input = plain[static_cast<std::size_t>(Leaf::kInput)];
  const auto& output = plain[static_cast<std::size_t>(Leaf::kOutput)];
  if (!input && !output) return "unknown";
  if (!input || !output) return "partial";
  return *input == 0 && *output == 0 ? "free" : "priced";
}

ImportedPrices read_prices(Table<PriceFormat> formats, std::string_view text,
                           const PriceSource& source, const std::string& where) {
  const json file = parse_decimal_json(text, where);
  if (is_native(file)) return read_native(text, where);
  std::string known = "pingjia's own";
  for (const auto& row : formats) {
    if (row.make.recognises(file)) return row.make.read(file, source, where);
    known += ", " + std::string(row.name);
  }
  throw Error(where, "is no price file of a known format", "known: " + known);
}

}  // namespace pingjia::harness
