#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "harness/money/hardware.h"
#include "harness/money/price_book.h"
#include "harness/spec/run_spec.h"

namespace pingjia::harness {

/// Billed by the token.
struct ApiPricing {
  Tariff tariff;
  std::optional<UnixSeconds> at;  ///< For requests that do not know when they were sent.
  bool as_of = false;             ///< Every request is valued as if it had been sent then.

  ApiPricing(Tariff model, std::optional<UnixSeconds> when) : tariff(std::move(model)), at(when) {}
  /// One row for everything, whatever model it names.
  explicit ApiPricing(PriceRow row);
};

/// Where nobody knows when a request was sent: the prices that have no end.
inline constexpr UnixSeconds kPricesWithoutEnd = 4'102'444'800;  // 2100-01-01

/// Billed by the hour, busy or idle. The rate is known.
struct MachinePricing {
  Hardware hardware;
};

/// Nobody said. Never shown as free.
struct UnknownPricing {
  std::string why;
};

using Pricing = std::variant<ApiPricing, MachinePricing, UnknownPricing>;

/// "api", "machine" or "unknown": SummaryRow::price_basis.
std::string_view price_basis(const Pricing& pricing);

/// Who says so, for a metric's maker: "price of SOURCE, DATE", "2-core VM at $0.08/h, SOURCE",
/// or why it is unknown.
std::string pricing_text(const Pricing& pricing);

/// How one system of a run file is priced: by its "price" object, else by its "hardware" object
/// where that names a rate, else by the book's rows for `query`, else unknown. `at` stands in for
/// requests that do not know when they were sent. Throws Error naming `where` for a bad object.
Pricing pricing_of_system(const SystemSpec& system, const PriceBook& book, const PriceQuery& query,
                          std::optional<UnixSeconds> at, const std::string& where);

/// The system's "hardware" object, which counts core- and GPU-hours even where tokens are priced.
std::optional<Hardware> hardware_of_system(const SystemSpec& system, const std::string& where);

/// Both ways, for run.json: a run can be priced again from its files.
nlohmann::json to_json(const Pricing& pricing);
Pricing pricing_from_json(const nlohmann::json& pricing, const std::string& where);

}  // namespace pingjia::harness
