#include "harness/money/hardware.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/json_file.h"
#include "harness/base/nearest.h"
#include "harness/money/instant.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr std::int64_t kMostUnits = 1'000'000;  // cores or GPUs of one machine
constexpr double kMostWatts = 1e6;

Money times(Money amount, int count) {
  return Money(amount.picodollars() * count);
}

std::optional<Money> optional_usd(Fields& fields, const std::string& key) {
  const auto text = fields.optional_decimal_text(key);
  if (!text) return std::nullopt;
  return parse_usd(*text, fields.where(key));
}

void read_band(Fields& fields, Hardware& hardware) {
  hardware.gpu = fields.optional_text("gpu").value_or("");
  hardware.tier = fields.optional_text("tier").value_or("");
  hardware.usd_per_hour_low = optional_usd(fields, "usd_per_hour_low");
  hardware.usd_per_hour_high = optional_usd(fields, "usd_per_hour_high");
  hardware.offers = fields.optional_integer("offers", 0, 1'000'000'000).value_or(0);
  if (const json* owned = fields.any("owned"); owned != nullptr && !owned->is_null()) {
    if (!owned->is_object()) throw Error(fields.where("owned"), "not an object", "write {…}");
    hardware.owned = owned->dump();
  }
  if (!hardware.owned.empty() && !hardware.tier.empty()) {
    throw Error(fields.where("tier"), "is of rent, but the machine is owned", "leave one out");
  }
}

// The middle of the latest offer to buy.
const PurchaseOffer* latest_purchase(const HardwareType& type) {
  const auto latest =
      std::max_element(type.purchases.begin(), type.purchases.end(),
                       [](const auto& a, const auto& b) { return a.date < b.date; });
  return latest == type.purchases.end() ? nullptr : &*latest;
}

// Reads one object of inputs, and keeps what was not said.
class OwnedReader {
 public:
  OwnedReader(Fields& fields, const HardwareType* type) : fields_(fields), type_(type) {}

  Money purchase() {
    if (const auto given = optional_usd(fields_, "purchase_usd")) return *given;
    const PurchaseOffer* offer = type_ ? latest_purchase(*type_) : nullptr;
    if (offer == nullptr) {
      throw Error(fields_.where("purchase_usd"), "is missing, and no price to buy is known",
                  "give what the card cost");
    }
    const Money middle((offer->low + offer->high).picodollars() / 2);
    assume(fmt::format("purchase ${} ({}, {})", usd_text(middle), offer->kind,
                       offer->date.empty() ? "undated" : offer->date));
    return middle;
  }

  double active_w() {
    if (const auto given = fields_.optional_number("active_w", 0, kMostWatts)) return *given;
    if (type_ == nullptr || !type_->tdp_w) {
      throw Error(fields_.where("active_w"), "is missing, and no TDP is known",
                  "give the watts at the wall under load");
    }
    assume(fmt::format("active {} W (TDP of the card alone)", type_->tdp_w->value));
    return type_->tdp_w->value;
  }

  Money usd(const std::string& key, const char* name) {
    if (const auto given = optional_usd(fields_, key)) return *given;
    assume(fmt::format("{} $0", name));
    return {};
  }

  double number(const std::string& key, const char* name, double fallback, double low,
                double high) {
    if (const auto given = fields_.optional_number(key, low, high)) return *given;
    assume(fmt::format("{} {}", name, fallback));
    return fallback;
  }

  const std::string& assumed() const { return assumed_; }

 private:
  void assume(const std::string& what) { assumed_ += (assumed_.empty() ? "" : ", ") + what; }

  Fields& fields_;
  const HardwareType* type_;
  std::string assumed_;
};

void resolve_owned(Hardware& hardware, const HardwareType* type, const std::string& where) {
  std::string assumed;
  const OwnedCard card =
      owned_card_from_json(json::parse(hardware.owned), type, where + ".owned", &assumed);
  const OwnedRate rate = rate_of(card);
  hardware.usd_per_hour = times(rate.per_active_hour, std::max(hardware.gpus, 1));
  hardware.source += fmt::format(
      "{}owned-card model: (${} capital + ${} energy + ${} operations)/h over utilisation {}{}",
      hardware.source.empty() ? "" : ", ", usd_text(rate.capital), usd_text(rate.energy),
      usd_text(rate.operations), card.utilisation, assumed.empty() ? "" : "; assumed " + assumed);
}

void resolve_rent(Hardware& hardware, const HardwareType& type, const HardwareCatalog& catalog,
                  const std::string& where) {
  const auto known = type.tiers();
  if (hardware.tier.empty()) hardware.tier = type.usual_tier();
  if (hardware.tier.empty()) return;
  const auto band = type.rent(hardware.tier);
  if (!band) {
    const std::vector<std::string_view> names(known.begin(), known.end());
    throw Error(where + ".tier",
                fmt::format("no '{}' rent of {} is known", hardware.tier, type.name),
                names.empty() ? "give usd_per_hour" : suggest(hardware.tier, names));
  }
  hardware.usd_per_hour = times(band->median, hardware.gpus);
  hardware.usd_per_hour_low = times(band->low, hardware.gpus);
  hardware.usd_per_hour_high = times(band->high, hardware.gpus);
  hardware.offers = band->n;
  std::string titles;
  for (const auto& source : catalog.sources()) {
    if (("+" + band->source + "+").find("+" + source.key + "+") == std::string::npos) continue;
    titles += (titles.empty() ? "" : ", ") + source.title;
  }
  hardware.source = fmt::format("{} rent of {}, median of {} offer{} (${} to ${} each), {}",
                                hardware.tier, type.name, band->n, band->n == 1 ? "" : "s",
                                usd_text(band->low), usd_text(band->high), titles);
  hardware.date.clear();
  hardware.source += ", " + band->date;
}

}  // namespace

Hardware hardware_from_json(const json& object, const std::string& where) {
  Fields fields(object, where);
  Hardware hardware;
  read_band(fields, hardware);
  hardware.name =
      hardware.gpu.empty() ? fields.text("name") : fields.optional_text("name").value_or("");
  hardware.usd_per_hour = optional_usd(fields, "usd_per_hour");
  hardware.cores = static_cast<int>(fields.optional_integer("cores", 0, kMostUnits).value_or(0));
  const bool cards = !hardware.gpu.empty() || !hardware.owned.empty();
  hardware.gpus = static_cast<int>(fields.optional_integer("gpus", 0, kMostUnits)
                                       .value_or(cards && !hardware.gpu.empty() ? 1 : 0));
  hardware.source = fields.optional_text("source").value_or("");
  hardware.date = fields.optional_text("date").value_or("");
  if (!hardware.date.empty()) parse_instant(hardware.date, fields.where("date"));
  fields.done();
  if (hardware.name.empty()) {
    hardware.name =
        hardware.gpus > 1 ? fmt::format("{}x {}", hardware.gpus, hardware.gpu) : hardware.gpu;
  }
  return hardware;
}

json to_json(const Hardware& hardware) {
  json object{{"name", hardware.name},
              {"cores", hardware.cores},
              {"gpus", hardware.gpus},
              {"source", hardware.source}};
  const auto put = [&object](const char* key, const std::optional<Money>& amount) {
    if (amount) object[key] = usd_text(*amount);
  };
  put("usd_per_hour", hardware.usd_per_hour);
  put("usd_per_hour_low", hardware.usd_per_hour_low);
  put("usd_per_hour_high", hardware.usd_per_hour_high);
  if (hardware.offers > 0) object["offers"] = hardware.offers;
  if (!hardware.date.empty()) object["date"] = hardware.date;
  if (!hardware.gpu.empty()) object["gpu"] = hardware.gpu;
  if (!hardware.tier.empty()) object["tier"] = hardware.tier;
  if (!hardware.owned.empty()) object["owned"] = json::parse(hardware.owned);
  return object;
}

OwnedCard owned_card_from_json(const json& owned, const HardwareType* type,
                               const std::string& where, std::string* assumed) {
  Fields fields(owned, where);
  OwnedReader reader(fields, type);
  OwnedCard card;
  card.purchase = reader.purchase();
  card.host_share = reader.usd("host_share_usd", "host share");
  card.residual = reader.usd("residual_usd", "residual");
  card.interest = reader.number("interest", "interest", card.interest, 0, 10);
  card.years = reader.number("years", "years", card.years, 0.01, 100);
  card.active_w = reader.active_w();
  card.utilisation = reader.number("utilisation", "utilisation", card.utilisation, 1e-6, 1);
  // At full use its idle power is never drawn.
  const bool idles = card.utilisation < 1;
  card.idle_w = idles ? fields.number("idle_w", 0, kMostWatts)
                      : fields.optional_number("idle_w", 0, kMostWatts).value_or(0);
  card.pue = reader.number("pue", "PUE", card.pue, 1, 10);
  card.electricity_per_kwh = parse_usd(fields.decimal_text("electricity_usd_per_kwh"),
                                       fields.where("electricity_usd_per_kwh"));
  card.operations_per_year = optional_usd(fields, "operations_usd_per_year").value_or(Money());
  fields.done();
  if (card.residual > card.purchase + card.host_share) {
    throw Error(fields.where("residual_usd"), "is above what was paid", "give what is left of it");
  }
  if (assumed != nullptr) *assumed = reader.assumed();
  return card;
}

Hardware resolve(Hardware hardware, const HardwareCatalog& catalog, const std::string& where) {
  const HardwareType* type =
      hardware.gpu.empty() ? nullptr : &catalog.find(hardware.gpu, where + ".gpu");
  if (type != nullptr && type->kind != "gpu") {
    throw Error(where + ".gpu", "'" + type->name + "' is a processor",
                "give name, cores and usd_per_hour instead");
  }
  if (hardware.usd_per_hour) return hardware;
  if (!hardware.owned.empty()) {
    resolve_owned(hardware, type, where);
  } else if (type != nullptr) {
    resolve_rent(hardware, *type, catalog, where);
  }
  return hardware;
}

}  // namespace pingjia::harness
