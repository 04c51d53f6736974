#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/money/revaluation.h"
#include "reports/contest.h"

namespace pingjia::reports {

/// Where one system of one run worked, under which load, and at what price: from run.json and the
/// summary.
struct Placement {
  const Contestant* one = nullptr;
  const harness::SummaryRow* row = nullptr;  ///< What is compared; see ModelGroup::suite.
  std::string model;  ///< As the engine names it, without folders; the system's where nobody says.
  std::string weights;  ///< Hash of the weights file; empty where there is none.
  std::string machine;  ///< "A100 80GB", "2-core VM", "API".
  int gpus = 0;
  bool api = false;                 ///< Billed by the token.
  bool owned = false;               ///< Its rate is of a card that is owned, electricity included.
  std::string load;                 ///< "8 in flight", "5 per s"; empty where nobody says.
  std::optional<double> in_flight;  ///< Of a closed load.
  std::string label;                ///< In its group: the machine, and what tells it from others.

  harness::Work work;
  harness::MachineRates by_the_hour;  ///< As the run was priced; of a machine.
  harness::TokenRates by_the_token;   ///< Of an API.

  /// The figures at its own rates.
  harness::Revaluation value() const;
};

/// One model in several places.
struct ModelGroup {
  std::string model;
  std::string suite;  ///< Of the rows: "*", or the first suite that all ran; empty: none is common.
  bool same_weights = true;  ///< False: two files of weights go by this name.
  std::vector<Placement> places;
};

/// Loads that the group's machines ran under: first that of the most machines, the highest of
/// equals. An API's load is its own business: its price does not depend on it.
std::vector<std::string> loads_of(const ModelGroup& group);

/// Every model with two or more systems, of one run or of several, in the order of the page.
std::vector<ModelGroup> model_groups(const std::vector<Contestant>& contestants);

}  // namespace pingjia::reports
