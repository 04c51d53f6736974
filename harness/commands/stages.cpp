#include "harness/commands/stages.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

// Marks log-likelihoods where a protocol names no scorer: they are compared, not read.
class NoScorer final : public Scorer {
 public:
  Grade grade(const Question&, std::string_view) const override { return {}; }
  std::string_view version() const override { return "loglikelihood 1"; }
};

std::unique_ptr<Scorer> make_scorer(const World& world, const Protocol& protocol,
                                    const std::string& where) {
  if (protocol.scorer.empty()) return std::make_unique<NoScorer>();
  const auto& row = find_row(world.scorers, "scorer", protocol.scorer, where);
  return row.make(json::parse(protocol.scorer_options), where);
}

}  // namespace

void score_stage(const World& world, StoredRun& run) {
  run.scores.clear();
  std::string lines = json({{"schema_version", kSchemaVersion}, {"type", "header"}}).dump() + "\n";
  for (std::size_t i = 0; i < run.suites.size(); ++i) {
    const Suite& suite = run.suites[i];
    const std::string name = run.suite_keys[i].substr(suite.name.size() + 1);
    const Protocol& protocol = find_protocol(suite, name, run.directory.path.string());
    const auto scorer = make_scorer(world, protocol, "suite " + run.suite_keys[i]);
    for (auto& score : score_records(run.records, suite, protocol, *scorer)) {
      lines += to_json(score).dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
      run.scores.push_back(std::move(score));
    }
  }
  write_file(run.directory.scores(), lines);
}

Summary summary_stage(const StoredRun& run) {
  Summary summary = summarize(summary_input(run));
  write_file(run.directory.summary(), summary_to_json(summary).dump(2) + "\n");
  return summary;
}

void report_stage(const World& world, const std::vector<RunView>& runs,
                  const std::filesystem::path& file, const std::string& format) {
  const auto& row = find_row(world.reports, "format", format, "--format");
  write_file(file, row.make(runs));
}

RunView finish_run(const World& world, const RunDirectory& directory) {
  StoredRun run = load_run(directory);
  score_stage(world, run);
  RunView view = run_view(run, summary_stage(run));
  report_stage(world, {view}, directory.report(), "html");
  return view;
}

RunView view_run(const World& world, const RunDirectory& directory) {
  StoredRun run = load_run(directory);
  if (run.scores.empty()) score_stage(world, run);
  return run_view(run, summary_stage(run));
}

}  // namespace pingjia::harness
