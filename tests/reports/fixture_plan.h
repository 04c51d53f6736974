#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports::fixture {

/// An invented system: what it costs, how fast and how able it is.
struct SystemPlan {
  std::string name;
  std::string basis;
  std::string source;
  double usd_input = 0;  // $/Mtok
  double usd_output = 0;
  double ttft_s = 0.02;
  double tpot_s = 0.004;
  double failure_rate = 0;
  double skill = 0.7;
  int gpus = 0;  // Of its machine, which else has two cores.
  bool reasons = false;
  bool caches = false;
};

/// What a summary row is counted from.
struct Tally {
  std::map<std::string, int> outcomes;
  std::vector<double> ttft;
  std::vector<double> tpot;
  double cost = 0;
  double tokens = 0;
  int total = 0;

  int outcomes_of(const std::string& name) const {
    const auto found = outcomes.find(name);
    return found == outcomes.end() ? 0 : found->second;
  }
};

// A request is due every 10 ms; systems and suites take turns.
constexpr double kPeriod = 0.01;
constexpr double kUsdPerHour = 0.08;

void count(const harness::SampleView& sample, Tally& tally);
harness::SummaryRow row_of(const SystemPlan& system, const std::string& suite, const Tally& tally);

/// Every pair of systems, as summarize() makes them.
void add_comparisons(const std::vector<SystemPlan>& systems, harness::RunView& run);
/// Every system against the most accurate, by the interval of the difference.
void add_parity(harness::RunView& run);

}  // namespace pingjia::reports::fixture
