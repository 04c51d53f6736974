#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/drive/adapter.h"
#include "harness/money/energy.h"
#include "harness/money/pricing.h"
#include "harness/record/record.h"
#include "harness/score/score.h"
#include "harness/spec/suite.h"
#include "harness/summary/metric.h"

namespace pingjia::harness {

/// One time a system was open.
struct SessionInput {
  int session = 0;
  Nanos opened = 0;  ///< Before the engine was started.
  Nanos ready = 0;
  std::optional<Nanos> closed;        ///< Nothing: the run was killed.
  std::optional<double> cpu_seconds;  ///< Of its child processes.
  SessionEnergy energy = {};
};

struct SystemInput {
  std::string name;
  Facts facts;
  Pricing pricing = UnknownPricing{"no price was given"};
  std::optional<Hardware> hardware;
  std::vector<SessionInput> sessions;
};

/// Sample id -> cluster, of the samples that have one.
using SampleClusters = std::map<std::string, std::string>;
SampleClusters clusters_of(const Suite& suite);
/// Sample id -> subject, likewise.
SampleClusters subjects_of(const Suite& suite);

/// Everything a summary is made of. Nothing else enters it: the same input gives the same bytes.
struct SummaryInput {
  std::string run;
  std::uint64_t seed = 0;                          ///< Of the bootstrap.
  std::vector<SystemInput> systems;                ///< Rows come in this order.
  std::vector<std::string> suites;                 ///< "suite/protocol", in the order of the rows.
  std::map<std::string, SampleClusters> clusters;  ///< By suite name, without protocol.
  std::map<std::string, SampleClusters> subjects;  ///< Likewise: sample id -> subject.
  std::span<const Record> records;                 ///< Every attempt.
  std::span<const Score> scores;
};

/// The one table of a run: for each system a row per suite that it ran and a row "*" for
/// everything. A suite named in no list of the input comes after those that are.
Summary summarize(const SummaryInput& input);

/// USD of each record of the input, in its order, retries apart; nothing where it is unknown.
std::vector<std::optional<double>> record_costs(const SummaryInput& input);

/// A metric as `pingjia help metrics` prints it.
struct MetricHelp {
  std::string_view tag;
  std::string_view name;
  std::string_view unit;
  std::string_view help;
};
std::vector<MetricHelp> list_metrics();
/// Those that a row has beside them where samples were asked more than once.
std::vector<MetricHelp> list_repeat_metrics();

/// summary.json, both ways. Reading throws Error naming `where` for another shape or a newer
/// schema.
nlohmann::json summary_to_json(const Summary& summary);
Summary summary_from_json(const nlohmann::json& summary, const std::string& where);

}  // namespace pingjia::harness
