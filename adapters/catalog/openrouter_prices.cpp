#include "adapters/catalog/openrouter_prices.h"

#include <array>
#include <nlohmann/json.hpp>

#include "adapters/catalog/price_keys.h"
#include "adapters/catalog/price_number.h"
#include "harness/base/error.h"

namespace pingjia::adapters {

namespace {

using namespace harness;
using nlohmann::json;

constexpr std::array kLeafKeys{
    LeafKey{"prompt", Leaf::kInput},
    LeafKey{"completion", Leaf::kOutput},
    LeafKey{"input_cache_read", Leaf::kCacheRead},
    LeafKey{"input_cache_write", Leaf::kCacheWrite5m},
    LeafKey{"input_cache_write_1h", Leaf::kCacheWrite1h},
    LeafKey{"internal_reasoning", Leaf::kReasoning},
    LeafKey{"audio", Leaf::kInputAudio},
    LeafKey{"image", Leaf::kInputImage},
    LeafKey{"audio_output", Leaf::kOutputAudio},
    LeafKey{"image_output", Leaf::kOutputImage},
};

struct OtherKey {
  std::string_view name;
  std::string_view why;
};

constexpr std::array kOtherKeys{
    OtherKey{"web_search", "price of a web search"},
    OtherKey{"request", "price by the request"},
    OtherKey{"input_audio_cache", "price of cached audio tokens"},
    OtherKey{"discount", "discount"},
};

class Entry {
 public:
  Entry(ImportedPrices& imported, std::string name, std::string where)
      : imported_(imported), name_(std::move(name)), where_(std::move(where)) {}

  // Whether the prices are known: not where one is -1.
  bool read(const json& pricing, PriceRow& row) {
    for (const auto& [key, value] : pricing.items()) {
      if (key == "overrides" || key == "min_prompt_tokens") continue;
      const auto leaf = leaf_of_key(key, kLeafKeys);
      if (!leaf) {
        note_other(key);
        continue;
      }
      if (number_text(value) == "-1") return false;
      const auto number = price_number(value, PriceUnit::kPerToken, where_ + "." + key);
      if (!number) continue;
      if (number->rounded) imported_.note("digits below a picodollar rounded away", name_);
      row.price(*leaf) = number->price;
    }
    return true;
  }

  void note_other(const std::string& key) {
    for (const auto& other : kOtherKeys) {
      if (other.name == key) return imported_.note(std::string(other.why), name_);
    }
    refuse_misspelt(key, kLeafKeys, where_);
    imported_.note("unknown price key " + key, name_);
  }

 private:
  ImportedPrices& imported_;
  std::string name_;
  std::string where_;
};

void read_overrides(const json& overrides, const PriceRow& plain, Entry& entry,
                    std::vector<PriceRow>& rows, const std::string& where) {
  for (const auto& override : overrides) {
    const auto from = override.find("min_prompt_tokens");
    if (from == override.end() || !from->is_number_integer() || *from < 0) {
      throw Error(where + ".overrides", "one without min_prompt_tokens", "say from which size on");
    }
    PriceRow row = plain;
    row.prices = {};
    row.tier = ContextTier{from->get<std::int64_t>(), true, TierSum::kInput};
    if (entry.read(override, row)) rows.push_back(std::move(row));
  }
}

}  // namespace

bool is_openrouter_prices(const json& file) {
  if (!file.is_object()) return false;
  const auto data = file.find("data");
  return data != file.end() && data->is_array() && !data->empty() && data->front().is_object() &&
         data->front().contains("pricing");
}

ImportedPrices read_openrouter_prices(const json& file, const PriceSource& source,
                                      const std::string& where) {
  ImportedPrices imported;
  std::vector<PriceRow> rows;
  for (const auto& model : file.at("data")) {
    if (!model.is_object() || !model.contains("id") || !model.at("id").is_string()) {
      throw Error(where, "a model without its id", "give it one");
    }
    PriceRow row;
    row.provider = "openrouter";
    row.model = model.at("id");
    row.source = source.name;
    row.date = source.date;
    const std::string place = where + ": " + row.model;
    const auto pricing = model.find("pricing");
    if (pricing == model.end() || !pricing->is_object()) {
      throw Error(place, "has no pricing", "give it an object of prices");
    }
    Entry entry(imported, row.model, place);
    if (!entry.read(*pricing, row)) {
      imported.note("price hangs on the route", row.model);
      imported.models.push_back({row.provider, row.model, "chat", "unknown"});
      continue;
    }
    imported.models.push_back({row.provider, row.model, "chat", import_state(row.prices)});
    rows.push_back(row);
    if (const auto overrides = pricing->find("overrides"); overrides != pricing->end()) {
      read_overrides(*overrides, row, entry, rows, place);
    }
  }
  imported.book = PriceBook(std::move(rows), {}, where);
  return imported;
}

}  // namespace pingjia::adapters
