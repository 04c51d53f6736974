#include "adapters/catalog/genai_prices.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/catalog/genai_match.h"
#include "adapters/catalog/price_keys.h"
#include "adapters/catalog/price_number.h"
#include "harness/base/error.h"

namespace pingjia::adapters {

namespace {

using namespace harness;
using nlohmann::json;

constexpr std::array kLeafKeys{
    LeafKey{"input_mtok", Leaf::kInput},
    LeafKey{"output_mtok", Leaf::kOutput},
    LeafKey{"cache_read_mtok", Leaf::kCacheRead},
    LeafKey{"cache_write_mtok", Leaf::kCacheWrite5m},
    LeafKey{"cache_write_1h_mtok", Leaf::kCacheWrite1h},
    LeafKey{"output_reasoning_mtok", Leaf::kReasoning},
    LeafKey{"input_audio_mtok", Leaf::kInputAudio},
    LeafKey{"output_audio_mtok", Leaf::kOutputAudio},
    LeafKey{"input_image_mtok", Leaf::kInputImage},
    LeafKey{"output_image_mtok", Leaf::kOutputImage},
};

// A leaf's price from each context on; the first from 0.
using Steps = std::map<std::int64_t, Picodollars>;

// One "prices" object and when it holds.
struct PriceSet {
  std::map<Leaf, Steps> leaves;
  std::optional<UnixSeconds> start_date;
  std::optional<Schedule> schedule;
};

class Reader {
 public:
  Reader(ImportedPrices& imported, std::string name, std::string where)
      : imported_(imported), name_(std::move(name)), where_(std::move(where)) {}

  std::vector<PriceSet> read(const json& prices) {
    if (prices.is_object()) return {read_set(prices)};
    if (!prices.is_array()) throw Error(where_, "prices are neither object nor list", "mend them");
    std::vector<PriceSet> sets;
    for (const auto& conditional : prices) {
      PriceSet set = read_set(conditional.at("prices"));
      const auto constraint = conditional.find("constraint");
      if (constraint != conditional.end() && !constraint->is_null()) read_when(*constraint, set);
      sets.push_back(std::move(set));
    }
    return sets;
  }

 private:
  Picodollars number(const json& value, const std::string& key) {
    const auto read = price_number(value, PriceUnit::kPerMtok, where_ + "." + key);
    if (!read) throw Error(where_ + "." + key, "is no price", "give a decimal number");
    if (read->rounded) imported_.note("digits below a picodollar rounded away", name_);
    return read->price;
  }

  PriceSet read_set(const json& prices) {
    PriceSet set;
    for (const auto& [key, value] : prices.items()) {
      if (value.is_null()) continue;
      const auto leaf = leaf_of_key(key, kLeafKeys);
      if (!leaf) {
        note_other(key);
        continue;
      }
      Steps& steps = set.leaves[*leaf];
      if (!value.is_object()) {
        steps[0] = number(value, key);
        continue;
      }
      steps[0] = number(value.at("base"), key);
      for (const auto& tier : value.at("tiers")) {
        steps[tier.at("start").get<std::int64_t>()] = number(tier.at("price"), key);
      }
    }
    return set;
  }

  void note_other(const std::string& key) {
    if (key.ends_with("_mtok")) {
      const bool modality =
          key.find("video") != std::string::npos || key.find("citation") != std::string::npos ||
          key.find("cache_") != std::string::npos || key.find("text") != std::string::npos;
      if (!modality) refuse_misspelt(key, kLeafKeys, where_);
    }
    imported_.note("price of " + key, name_);
  }

  // {"start_date": "2026-09-01"} or {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}
  void read_when(const json& constraint, PriceSet& set) {
    const auto text = [&](const char* key) { return constraint.at(key).get<std::string>(); };
    if (constraint.contains("start_date")) {
      set.start_date = parse_instant(text("start_date"), where_ + ".start_date");
      return;
    }
    const auto clock = [&](const char* key) {
      const std::string time = text(key);
      if (!time.ends_with("Z") || time.size() < 6) {
        throw Error(where_ + "." + key, "'" + time + "' is not in UTC", "write 16:30:00Z");
      }
      return time.substr(0, 5);
    };
    set.schedule = schedule_from_json(
        {{"zone", "UTC"}, {"windows", {clock("start_time") + "-" + clock("end_time")}}}, where_);
  }

  ImportedPrices& imported_;
  std::string name_;
  std::string where_;
};

// A later dated set ends the one before it; one by the hour lies over the rest.
void add_rows(const std::vector<PriceSet>& sets, const PriceRow& plain,
              std::vector<PriceRow>& rows) {
  std::set<UnixSeconds> dates;
  for (const auto& set : sets) {
    if (set.start_date) dates.insert(*set.start_date);
  }
  for (const auto& set : sets) {
    std::set<std::int64_t> starts;
    for (const auto& [leaf, steps] : set.leaves) {
      for (const auto& [start, price] : steps) starts.insert(start);
    }
    for (const std::int64_t start : starts) {
      PriceRow row = plain;
      row.valid_from = set.start_date;
      row.schedule = set.schedule;
      const auto next = set.start_date ? dates.upper_bound(*set.start_date) : dates.begin();
      if (!set.schedule && next != dates.end()) row.valid_to = *next;
      if (start > 0) row.tier = ContextTier{start, false, TierSum::kInput};
      // A leaf without a tier of its own costs the same at every size: the format says so.
      for (const auto& [leaf, steps] : set.leaves) {
        row.price(leaf) = std::prev(steps.upper_bound(start))->second;
      }
      rows.push_back(std::move(row));
    }
  }
}

void read_model(const json& model, const std::string& provider, const PriceSource& source,
                ImportedPrices& imported, std::vector<PriceRow>& rows, const std::string& where) {
  const auto id = model.at("id").get<std::string>();
  const std::string place = where + ": " + provider + "/" + id;
  const auto sets = Reader(imported, id, place).read(model.at("prices"));
  LeafPrices shown;
  for (const auto& set : sets) {
    for (const auto& [leaf, steps] : set.leaves) {
      shown[static_cast<std::size_t>(leaf)] = steps.begin()->second;
    }
  }
  imported.models.push_back({provider, id, "", import_state(shown)});
  std::size_t lost = 0;
  auto names = genai_patterns(model.at("match"), lost, place);
  for (; lost > 0; --lost) imported.note("match rule that is no pattern", id);
  names.push_back(id);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const auto& name : names) {
    const bool taken = std::any_of(rows.begin(), rows.end(), [&](const PriceRow& row) {
      return row.provider == provider && row.model == name;
    });
    if (taken) {  // The format takes the first model that matches.
      imported.note("name of two models", id);
      continue;
    }
    PriceRow plain;
    plain.provider = provider;
    plain.model = name;
    plain.source = source.name;
    plain.date = source.date;
    add_rows(sets, plain, rows);
  }
}

}  // namespace

bool is_genai_prices(const json& file) {
  return file.is_array() && !file.empty() && file.front().is_object() &&
         file.front().contains("models") && file.front().contains("id");
}

ImportedPrices read_genai_prices(const json& file, const PriceSource& source,
                                 const std::string& where) {
  ImportedPrices imported;
  std::vector<PriceRow> rows;
  try {
    for (const auto& provider : file) {
      std::vector<PriceRow> own;
      for (const auto& model : provider.at("models")) {
        read_model(model, provider.at("id"), source, imported, own, where);
      }
      rows.insert(rows.end(), std::make_move_iterator(own.begin()),
                  std::make_move_iterator(own.end()));
    }
  } catch (const json::exception& wrong) {
    throw Error(where, std::string("not as genai-prices v2 writes it: ") + wrong.what(),
                "take its prices/new_data/v2/data.json");
  }
  imported.book = PriceBook(std::move(rows), {}, where);
  return imported;
}

}  // namespace pingjia::adapters
