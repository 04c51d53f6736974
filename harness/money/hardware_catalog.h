#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/money/picodollars.h"

namespace pingjia::harness {

/// A number of a data sheet or a measurement, and who says so (a key of the catalogue's sources).
struct Figure {
  double value = 0;
  std::string source;
};

/// Dense tensor throughput of one number type; sparse marketing figures never stand here.
struct PeakRate {
  std::string type;  ///< "bf16", "fp16", "fp8", "int8", …
  double tflops = 0;
  std::string source;
  std::optional<Figure> measured;  ///< Of a large matrix product, in TFLOPS.
};

/// What an hour of one device costs to rent, by one source: a single offer (n = 1, all three
/// equal) or a distribution over n offers.
struct RentOffer {
  std::string tier;  ///< "on_demand", "marketplace", "spot", "commit_1y", "commit_3y", …
  Money low, median, high;
  std::int64_t n = 1;
  std::string date;  ///< When it was read, "2025-03"; empty: the source is undated.
  std::string source;
  std::string note;
};

/// What one device cost to buy.
struct PurchaseOffer {
  std::string kind;  ///< "list", "street", "used", "system_share" (part of a whole server).
  Money low, high;
  std::string date;
  std::string source;
};

/// All rents of one tier together: the least, the median of the sources' medians weighted by how
/// many offers each saw, the most, and how many offers that is. A range, not an interval.
struct RentBand {
  std::string tier;
  Money low, median, high;
  std::int64_t n = 0;
  std::string date;    ///< "2025-03", or "2025-02 to 2026-05"; "undated" where no source has one.
  std::string source;  ///< Keys, joined by "+".
};

/// A card or processor that can be rented or bought. A missing figure is unknown, never zero.
struct HardwareType {
  std::string name;
  std::vector<std::string> aliases;
  std::string kind;  ///< "gpu" or "cpu".
  std::string vendor;
  std::optional<Figure> memory_gb;   ///< Decimal gigabytes, as sold.
  std::optional<Figure> memory_mib;  ///< As a driver showed it.
  std::optional<Figure> bandwidth_gb_s;
  std::optional<Figure> tdp_w;
  std::optional<Figure> provisioned_kw;  ///< All-in share of a data centre, per device.
  std::vector<PeakRate> peaks;
  std::vector<RentOffer> rents;
  std::vector<PurchaseOffer> purchases;
  std::string note;

  /// The tiers that have offers, in the order of the file.
  std::vector<std::string> tiers() const;
  /// Nothing where no offer is of `tier`.
  std::optional<RentBand> rent(std::string_view tier) const;
  /// "on_demand" where it has offers, else "marketplace", "contract_3y", the first tier; empty: no
  /// rents are known.
  std::string usual_tier() const;
  const PeakRate* peak(std::string_view type) const;
};

/// Where figures come from.
struct HardwareSource {
  std::string key;
  std::string title;
  std::string date;
};

/// Cards and processors by name.
class HardwareCatalog {
 public:
  HardwareCatalog() = default;
  HardwareCatalog(std::vector<HardwareType> types, std::vector<HardwareSource> sources);

  const std::vector<HardwareType>& types() const { return types_; }
  const std::vector<HardwareSource>& sources() const { return sources_; }

  /// By name or alias, whatever the case, spaces, '-' and '_', and with or without the vendor's
  /// name ("h100 sxm", "NVIDIA H100-SXM"); null where there is none.
  const HardwareType* search(std::string_view name) const;
  /// The same; throws Error naming `where` and the nearest names.
  const HardwareType& find(std::string_view name, const std::string& where) const;
  const HardwareSource* source(std::string_view key) const;

  /// Adds a user's own machines; one of a known name takes its place.
  void add(const HardwareCatalog& own);

 private:
  std::vector<HardwareType> types_;
  std::vector<HardwareSource> sources_;
};

/// {"schema_version":1, "sources":{…}, "machines":[…]}; kernels/catalog/README.md describes it.
/// Throws Error naming `where` for unknown keys, bad figures, a source key that the file does not
/// list, a band out of order, or a name given twice.
HardwareCatalog hardware_catalog_from_json(const nlohmann::json& catalog, const std::string& where);
HardwareCatalog load_hardware_catalog(const std::filesystem::path& file);

nlohmann::json to_json(const HardwareType& type);

}  // namespace pingjia::harness
