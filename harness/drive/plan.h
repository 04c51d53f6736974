#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/loop.h"
#include "harness/record/record.h"
#include "harness/spec/run_spec.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

/// One sample to be asked, and when.
struct PlannedRequest {
  RecordKey key;
  Request request;
  std::optional<Nanos> due;  ///< After the start; none in a closed loop.
};

/// Everything one system is asked of one suite, in order. Finished before the clock starts.
struct Plan {
  std::string system;
  std::string suite;  ///< "suite/protocol"
  Load load;
  std::vector<PlannedRequest> requests;
};

/// What the plan of one suite depends on, besides the suite itself.
struct PlanOptions {
  std::uint64_t seed = 1;
  std::optional<std::size_t> limit;
  int repeats = 1;
  Load load;
  double timeout_s = 600;
  std::string since;                 ///< First date of samples asked; empty: any.
  std::string until;                 ///< Last date, inclusive.
  std::vector<std::string> exclude;  ///< Ids of samples left out.
};

/// Pure. The subset, its order, the arrival times and each request's sampling seed come from named
/// random streams of the seed, and depend on the suite but not on the system: every system is asked
/// the same, so that differences are paired.
Plan make_plan(const std::string& system, const Suite& suite, const Protocol& protocol,
               const PlanOptions& options);

/// "suite/protocol", the name records and rows use.
std::string suite_key(const Suite& suite, const Protocol& protocol);

}  // namespace pingjia::harness
