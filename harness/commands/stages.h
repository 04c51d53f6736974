#pragma once

#include "harness/commands/stored_run.h"
#include "harness/commands/world.h"

namespace pingjia::harness {

/// The stages after the drive. Each reads files and writes files, and calls no model.

/// The scorer of a protocol. Throws Error for its options.
std::unique_ptr<Scorer> make_scorer(const World& world, const Protocol& protocol,
                                    const std::string& where);

/// Marks the last attempts: writes scores.jsonl, and leaves the scores in `run`.
void score_stage(const World& world, StoredRun& run);

/// Writes summary.json; returns what reports get.
RunView summary_stage(const StoredRun& run);

/// Writes report.html.
void report_stage(const World& world, const std::vector<RunView>& runs,
                  const std::filesystem::path& file, const std::string& format);

/// All of them for one run; returns what reports show.
RunView finish_run(const World& world, const RunDirectory& directory);

/// What reports show of a run: its scores.jsonl and summary.json, or, where they are not there or
/// older than the records, the same made in memory. Writes nothing: an archive may be read-only.
RunView view_run(const World& world, const RunDirectory& directory);
/// The same of a run that was read; leaves its scores in it.
RunView view_run(const World& world, StoredRun& run);

}  // namespace pingjia::harness
