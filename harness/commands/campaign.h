#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/commands/run_directory.h"
#include "harness/commands/world.h"
#include "harness/drive/plan.h"
#include "harness/money/pricing.h"
#include "harness/spec/run_spec.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

/// One suite of a run, found, checked, and with its protocol.
struct CampaignSuite {
  SuiteSpec spec;
  Suite suite;
  Protocol protocol;
  std::string key;  ///< "suite/protocol"
};

/// A run file with everything it names: all that can be wrong before the first request has been
/// looked at.
struct Campaign {
  RunSpec spec;
  std::vector<CampaignSuite> suites;
  std::vector<Pricing> pricing;  ///< One per system of the spec.
  std::optional<Money> budget;   ///< Of the whole run, all its sessions.

  /// The plans of one system, in the order of the suites.
  std::vector<Plan> plans(const SystemSpec& system) const;
};

/// Finds and checks suites, protocols, scorers and prices. Throws Error.
Campaign prepare(const World& world, RunSpec spec, const std::string& where);

/// Reads the spec's budget. Throws Error when it is no amount, or when a system has no price: a
/// budget that cannot be counted would not stop anything.
void read_budget(Campaign& campaign, const std::string& where);

/// run.json: the run file as resolved, with versions and hashes of what it names.
nlohmann::json manifest_of(const Campaign& campaign, const std::string& created);

/// Makes the adapter of a system, its log under `logs`. Throws Error for its options.
std::unique_ptr<Adapter> make_adapter(const World& world, const RunSpec& spec,
                                      const SystemSpec& system, const std::filesystem::path& logs);

/// How a system is priced, by the run file or `book`; `at` stands in for requests that do not know
/// when they were sent.
Pricing find_pricing(const PriceBook& book, const SystemSpec& system, UnixSeconds at,
                     const std::string& where);

}  // namespace pingjia::harness
