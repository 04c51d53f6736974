#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/commands/run_directory.h"
#include "harness/record/record.h"
#include "harness/score/score.h"
#include "harness/spec/run_spec.h"
#include "harness/spec/suite.h"
#include "harness/summary/report.h"
#include "harness/summary/summary.h"

namespace pingjia::harness {

/// A run directory, read back: everything the later stages work from.
struct StoredRun {
  RunDirectory directory;
  std::string manifest;     ///< run.json
  std::string environment;  ///< JSON object, of records.jsonl line 1.
  RunSpec spec;
  std::vector<Suite> suites;            ///< As they were asked, one per entry of the spec.
  std::vector<std::string> suite_keys;  ///< "suite/protocol" of each.
  std::vector<Record> records;
  std::vector<Score> scores;  ///< Empty before the first scoring.
  std::vector<SystemInput> systems;
};

/// Reads run.json, the suites, records.jsonl, sessions.jsonl and, where there is one, scores.jsonl.
StoredRun load_run(const RunDirectory& directory);

/// What the summary is made of; refers to `run`, which must outlive it.
SummaryInput summary_input(const StoredRun& run);

/// Every attempt with its mark and its cost, in journal order.
std::vector<SampleView> attempt_views(const StoredRun& run);

/// What reports are made of.
RunView run_view(const StoredRun& run, const Summary& summary);

/// The lines of sessions.jsonl.
nlohmann::json session_line(int session, const std::string& system, const SessionInput& window,
                            const Facts& facts, const Closing& closing);

nlohmann::json to_json(const Facts& facts);
Facts facts_from_json(const nlohmann::json& facts);

}  // namespace pingjia::harness
