#include "adapters/catalog/litellm_prices.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "adapters/catalog/litellm_keys.h"
#include "adapters/catalog/price_number.h"
#include "harness/base/error.h"

namespace pingjia::adapters {

namespace {

using namespace harness;
using nlohmann::json;

// Service tier, batch, and the context above which, of one model.
using Condition = std::tuple<std::string, bool, std::optional<std::int64_t>>;

std::string text_of(const json& entry, const char* key) {
  const auto found = entry.find(key);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// One entry of the map on its way to rows.
class Entry {
 public:
  Entry(const std::string& name, const json& entry, const PriceSource& source,
        ImportedPrices& imported, const std::string& where)
      : name_(name), entry_(entry), imported_(imported), where_(where + ": " + name) {
    plain_.provider = text_of(entry, "litellm_provider");
    plain_.model = name;
    plain_.date = source.date;
    plain_.source = source.name;
    if (const auto page = text_of(entry, "source"); !page.empty()) plain_.source += ", " + page;
  }

  void read(std::vector<PriceRow>& rows) {
    for (const auto& [key, value] : entry_.items()) read_key(key, value);
    if (const auto tiers = entry_.find("tiered_pricing"); tiers != entry_.end()) {
      read_tiers(*tiers);
    }
    const auto plain = rows_.find(Condition{"", false, std::nullopt});
    imported_.models.push_back(
        {plain_.provider, name_, text_of(entry_, "mode"),
         import_state(plain == rows_.end() ? LeafPrices{} : plain->second.prices)});
    if (rows_.empty()) {
      imported_.note("no price of any token", name_);
      return;
    }
    note_gaps();
    const std::size_t first = rows.size();
    for (auto& [condition, row] : rows_) rows.push_back(std::move(row));
    add_regions(rows, first);
  }

 private:
  PriceRow& row_of(const Condition& condition) {
    const auto found = rows_.find(condition);
    if (found != rows_.end()) return found->second;
    PriceRow row = plain_;
    row.service_tier = std::get<0>(condition);
    row.batch = std::get<1>(condition);
    if (const auto above = std::get<2>(condition)) {
      row.tier = ContextTier{*above, plain_.provider == "xai", TierSum::kInput};
    }
    return rows_.emplace(condition, std::move(row)).first->second;
  }

  void put(const std::string& key, const LitellmKey& meaning, const json& value) {
    const auto number = price_number(value, PriceUnit::kPerToken, where_ + "." + key);
    if (!number) return;
    if (number->rounded) imported_.note("digits below a picodollar rounded away", name_);
    auto& price = row_of({meaning.service_tier, meaning.batch, meaning.above}).price(meaning.leaf);
    const bool second_name = key == "input_cost_per_token_cache_hit";
    if (price && *price != number->price) imported_.note("two names of one price differ", name_);
    if (!price || !second_name) price = number->price;
  }

  void read_key(const std::string& key, const json& value) {
    if (const auto meaning = litellm_key(key)) return put(key, *meaning, value);
    if (key == "tiered_pricing" || value.is_boolean()) return;
    const auto why = litellm_unexpressed(key, where_);
    if (!why.empty()) imported_.note(why, name_);
  }

  // [{"range": [0, 32000.0], "input_cost_per_token": …}, …]
  void read_tiers(const json& tiers) {
    for (const auto& tier : tiers) {
      const bool tokens =
          std::any_of(tier.items().begin(), tier.items().end(),
                      [](const auto& one) { return litellm_key(one.key()).has_value(); });
      if (!tokens) {
        imported_.note("tiers of something else than tokens", name_);
        continue;
      }
      const auto range = tier.find("range");
      if (range == tier.end() || !range->is_array() || range->empty()) {
        throw Error(where_ + ".tiered_pricing", "a tier without its range", "give [from, to]");
      }
      std::string from = number_text((*range)[0]);
      from = from.substr(0, from.find('.'));
      const std::int64_t start = from.empty() ? 0 : std::stoll(from);
      for (const auto& [key, value] : tier.items()) {
        auto meaning = litellm_key(key);
        if (!meaning) continue;
        if (start > 0) meaning->above = start;
        put(key, *meaning, value);
      }
    }
  }

  // A tier that leaves out what the plain row prices: above its threshold the price is unknown.
  void note_gaps() {
    for (const auto& [condition, row] : rows_) {
      const auto& above = std::get<2>(condition);
      const auto base = rows_.find({std::get<0>(condition), std::get<1>(condition), std::nullopt});
      if (!above || base == rows_.end()) continue;
      for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) {
        if (!base->second.prices[leaf] || row.prices[leaf]) continue;
        imported_.note("context tier without a price of " + std::string(leaf_names()[leaf]), name_);
      }
    }
  }

  // Uplifts for processing in one region, and of the "fast" service tier.
  void add_regions(std::vector<PriceRow>& rows, std::size_t first) {
    const std::size_t last = rows.size();
    const auto add = [&](const std::string& factor, const std::string& region,
                         const std::string& service_tier) {
      for (std::size_t i = first; i < last; ++i) {
        if (!service_tier.empty() && (!rows[i].service_tier.empty() || rows[i].batch)) continue;
        PriceRow row = rows[i];
        if (!region.empty()) row.region = region;
        if (!service_tier.empty()) row.service_tier = service_tier;
        for (auto& price : row.prices) {
          if (price) price = scaled(*price, factor, where_);
        }
        rows.push_back(std::move(row));
      }
    };
    for (const char* region : {"eu", "us"}) {
      const auto uplift =
          entry_.find(std::string("regional_processing_uplift_multiplier_") + region);
      if (uplift != entry_.end()) add(number_text(*uplift), region, "");
    }
    const auto more = entry_.find("provider_specific_entry");
    if (more == entry_.end() || !more->is_object()) return;
    for (const auto& [key, factor] : more->items()) {
      if (key == "us" || key == "eu") add(number_text(factor), key, "");
      if (key == "fast") add(number_text(factor), "", "fast");
    }
  }

  const std::string& name_;
  const json& entry_;
  ImportedPrices& imported_;
  std::string where_;
  PriceRow plain_;
  std::map<Condition, PriceRow> rows_;
};

}  // namespace

bool is_litellm_prices(const json& file) {
  if (!file.is_object()) return false;
  for (const auto& [name, entry] : file.items()) {
    if (entry.is_object() &&
        (entry.contains("litellm_provider") || entry.contains("input_cost_per_token"))) {
      return true;
    }
  }
  return false;
}

ImportedPrices read_litellm_prices(const json& file, const PriceSource& source,
                                   const std::string& where) {
  ImportedPrices imported;
  std::vector<PriceRow> rows;
  for (const auto& [name, entry] : file.items()) {
    if (name == "sample_spec") continue;  // Explains the fields, with zeros for prices.
    if (!entry.is_object()) throw Error(where + ": " + name, "is no object", "remove it");
    Entry(name, entry, source, imported, where).read(rows);
  }
  imported.book = PriceBook(std::move(rows), {}, where);
  imported.aliases = {{"gemini", "google"},
                      {"vertex_ai-language-models", "google"},
                      {"xai", "x-ai"},
                      {"bedrock", "aws"},
                      {"bedrock_converse", "aws"},
                      {"together_ai", "together"},
                      {"fireworks_ai", "fireworks"},
                      {"cohere_chat", "cohere"},
                      {"moonshot", "moonshotai"},
                      {"voyage", "voyageai"}};
  return imported;
}

}  // namespace pingjia::adapters
