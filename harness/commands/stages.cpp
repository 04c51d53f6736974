#include "harness/commands/stages.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

// Marks log-likelihoods where a protocol names no scorer: they are compared, not read.
class NoScorer final : public Scorer {
 public:
  Grade grade(const Question&, std::string_view) const override { return {}; }
  std::string_view version() const override { return "loglikelihood 1"; }
};

// Marks the last attempts.
std::vector<Score> score_run(const World& world, const StoredRun& run) {
  std::vector<Score> scores;
  for (std::size_t i = 0; i < run.suites.size(); ++i) {
    const Suite& suite = run.suites[i];
    const std::string name = run.suite_keys[i].substr(suite.name.size() + 1);
    const Protocol& protocol = find_protocol(suite, name, run.directory.path.string());
    const auto scorer = make_scorer(world, protocol, "suite " + run.suite_keys[i]);
    auto marked = score_records(run.records, suite, protocol, *scorer);
    std::move(marked.begin(), marked.end(), std::back_inserter(scores));
  }
  return scores;
}

// Whether `file` was made after the last record was written.
bool is_fresh(const std::filesystem::path& file, const RunDirectory& directory) {
  std::error_code missing;
  const auto made = std::filesystem::last_write_time(file, missing);
  if (missing) return false;
  const auto recorded = std::filesystem::last_write_time(directory.records(), missing);
  return missing || made >= recorded;
}

}  // namespace

std::unique_ptr<Scorer> make_scorer(const World& world, const Protocol& protocol,
                                    const std::string& where) {
  if (protocol.scorer.empty()) return std::make_unique<NoScorer>();
  const auto& row = find_row(world.scorers, "scorer", protocol.scorer, where);
  return row.make(json::parse(protocol.scorer_options), where);
}

void score_stage(const World& world, StoredRun& run) {
  run.scores = score_run(world, run);
  std::string lines = json({{"schema_version", kSchemaVersion}, {"type", "header"}}).dump() + "\n";
  for (const auto& score : run.scores) {
    lines += to_json(score).dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  }
  write_file(run.directory.scores(), lines);
}

RunView summary_stage(const StoredRun& run) {
  const Summary summary = summarize(summary_input(run));
  write_file(run.directory.summary(), summary_to_json(summary).dump(2) + "\n");
  return run_view(run, summary);
}

void report_stage(const World& world, const std::vector<RunView>& runs,
                  const std::filesystem::path& file, const std::string& format) {
  const auto& row = find_row(world.reports, "format", format, "--format");
  write_file(file, row.make(runs));
}

RunView finish_run(const World& world, const RunDirectory& directory) {
  StoredRun run = load_run(directory);
  score_stage(world, run);
  RunView view = summary_stage(run);
  report_stage(world, {view}, directory.report(), "html");
  return view;
}

RunView view_run(const World& world, const RunDirectory& directory) {
  StoredRun run = load_run(directory);
  return view_run(world, run);
}

RunView view_run(const World& world, StoredRun& run) {
  const RunDirectory& directory = run.directory;
  // A run that was killed has none, or those of an earlier session.
  if (!is_fresh(directory.scores(), directory)) run.scores = score_run(world, run);
  const std::string where = directory.summary().string();
  return run_view(run, is_fresh(directory.summary(), directory)
                           ? summary_from_json(read_json_file(directory.summary()), where)
                           : summarize(summary_input(run)));
}

}  // namespace pingjia::harness
