#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "harness/money/hardware_catalog.h"
#include "harness/money/owned_card.h"
#include "harness/money/picodollars.h"

namespace pingjia::harness {

/// The machine a system has to itself.
struct Hardware {
  std::string name;  ///< "2-core VM", "8x H100".
  std::optional<Money>
      usd_per_hour;  ///< Of the whole machine; nothing: hours are known, not money.
  int cores = 0;     ///< Reserved; 0 is not given.
  int gpus = 0;
  std::string source;  ///< Who says what an hour costs.
  std::string date;
  // Of a machine that the catalogue knows.
  std::string gpu = {};                         ///< Its name there; empty: not named.
  std::string tier = {};                        ///< Of rent, such as "on_demand".
  std::optional<Money> usd_per_hour_low = {};   ///< Cheapest offer of the band.
  std::optional<Money> usd_per_hour_high = {};  ///< Dearest.
  std::int64_t offers = 0;                      ///< How many the band is of.
  std::string owned = {};                       ///< The "owned" object, as JSON; empty: rented.
};

/// A "hardware" object of a run file. Keys: name, usd_per_hour (decimal text or number), cores,
/// gpus, source, date; gpu (a name of the catalogue), tier; owned (see owned_card_from_json);
/// usd_per_hour_low, usd_per_hour_high and offers, of a resolved one. Name or gpu must be given.
/// Throws Error naming `where` for unknown keys or bad values.
Hardware hardware_from_json(const nlohmann::json& hardware, const std::string& where);
nlohmann::json to_json(const Hardware& hardware);

/// The "owned" object: purchase_usd, host_share_usd, residual_usd, interest, years, active_w,
/// idle_w, pue, electricity_usd_per_kwh, utilisation, operations_usd_per_year. What is missing is
/// taken from `type` (purchase: middle of its latest offer; active_w: TDP) or the defaults of
/// OwnedCard, and named in `assumed`. Throws Error naming `where` where the purchase, the active
/// power or the price of electricity is nowhere to be found.
OwnedCard owned_card_from_json(const nlohmann::json& owned, const HardwareType* type,
                               const std::string& where, std::string* assumed = nullptr);

/// Derives what an hour costs, where the object names a GPU of the catalogue or owns one and gives
/// no usd_per_hour of its own: `gpus` (1 where not given) times the median of the tier's band, or
/// the owned-card model's hour of work. The source then says how. Resolving twice changes nothing.
/// Throws Error naming `where` for a GPU not in the catalogue, or a tier without offers.
Hardware resolve(Hardware hardware, const HardwareCatalog& catalog, const std::string& where);

}  // namespace pingjia::harness
