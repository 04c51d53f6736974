#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/money/price_row.h"

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, 4> kSums{"input", "fresh", "output", "total"};

ContextTier read_tier(Fields fields) {
  ContextTier tier;
  tier.start = fields.integer("start", 0, std::numeric_limits<std::int64_t>::max() - 1);
  tier.inclusive = fields.flag("inclusive");
  const auto of = fields.optional_one_of("of", kSums).value_or("input");
  tier.of = static_cast<TierSum>(std::find(kSums.begin(), kSums.end(), of) - kSums.begin());
  fields.done();
  return tier;
}

void read_validity(Fields& fields, PriceRow& row) {
  const auto instant = [&](const std::string& key) -> std::optional<UnixSeconds> {
    const auto text = fields.optional_text(key);
    if (!text) return std::nullopt;
    return parse_instant(*text, fields.where(key));
  };
  row.valid_from = instant("valid_from");
  row.valid_to = instant("valid_to");
  if (row.valid_from && row.valid_to && *row.valid_from >= *row.valid_to) {
    throw Error(fields.where("valid_to"), "is not after valid_from", "swap or mend the dates");
  }
}

void read_conditions(Fields& fields, PriceRow& row) {
  if (auto tier = fields.optional_object("tier")) row.tier = read_tier(std::move(*tier));
  row.service_tier = service_tier_of(fields.optional_text("service_tier").value_or(""));
  row.batch = fields.optional_flag("batch").value_or(false);
  row.region = fields.optional_text("region").value_or("");
  if (const nlohmann::json* schedule = fields.any("schedule")) {
    row.schedule = schedule_from_json(*schedule, fields.where("schedule"));
  }
  constexpr std::int64_t kMostLayers = 1000;
  row.layer = static_cast<int>(fields.optional_integer("layer", 0, kMostLayers).value_or(0));
}

}  // namespace

PriceRow read_price_row(Fields& fields) {
  PriceRow row;
  bool any = false;
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    const std::string key(leaf_names()[leaf]);
    if (const auto price = fields.optional_decimal_text(key)) {
      row.prices[leaf] = parse_price(*price, fields.where(key));
      any = true;
    }
  }
  row.provider = fields.optional_text("provider").value_or("");
  row.model = fields.optional_text("model").value_or("");
  row.currency = fields.optional_text("currency").value_or("USD");
  row.source = fields.optional_text("source").value_or("");
  row.date = fields.optional_text("date").value_or("");
  if (!row.date.empty()) parse_instant(row.date, fields.where("date"));
  read_validity(fields, row);
  read_conditions(fields, row);
  if (!any) {
    fields.done();  // A misspelt leaf is the likeliest reason.
    throw Error(fields.where(), "names no price", "give \"input\" and \"output\" in USD per Mtok");
  }
  return row;
}

PriceRow price_row_from_json(const nlohmann::json& row, const std::string& where) {
  Fields fields(row, where);
  PriceRow read = read_price_row(fields);
  fields.done();
  if (read.currency != "USD") {
    throw Error(fields.where("currency"), "'" + read.currency + "' has no rate of exchange here",
                "give the price in USD");
  }
  return read;
}

nlohmann::json to_json(const PriceRow& row) {
  nlohmann::json object{{"currency", "USD"}, {"source", row.source}};
  if (!row.date.empty()) object["date"] = row.date;
  if (!row.provider.empty()) object["provider"] = row.provider;
  if (!row.model.empty()) object["model"] = row.model;
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
    if (row.prices[leaf]) object[std::string(leaf_names()[leaf])] = price_text(*row.prices[leaf]);
  }
  if (row.valid_from) object["valid_from"] = instant_text(*row.valid_from);
  if (row.valid_to) object["valid_to"] = instant_text(*row.valid_to);
  if (row.tier) {
    object["tier"] = {{"start", row.tier->start},
                      {"inclusive", row.tier->inclusive},
                      {"of", kSums[static_cast<std::size_t>(row.tier->of)]}};
  }
  if (!row.service_tier.empty()) object["service_tier"] = row.service_tier;
  if (row.batch) object["batch"] = true;
  if (!row.region.empty()) object["region"] = row.region;
  if (row.schedule) object["schedule"] = to_json(*row.schedule);
  if (row.layer != 0) object["layer"] = row.layer;
  return object;
}

}  // namespace pingjia::harness
