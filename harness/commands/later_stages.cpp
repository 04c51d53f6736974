#include "harness/commands/later_stages.h"

#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/commands/campaign.h"
#include "harness/commands/several_runs.h"
#include "harness/commands/stages.h"
#include "harness/summary/kernel_samples.h"

namespace pingjia::harness {

const CommandUsage kScoreUsage{
    "score",
    "DIR",
    1,
    1,
    "Marks a run's answers again, with today's scorers, and makes its summary and report again.",
    {{"json", "", "print the summary as JSON"}}};

const CommandUsage kReportUsage{
    "report",
    "DIR...",
    1,
    1000,
    "Makes one report of one or more runs, to standard output or a file. A folder may hold a "
    "table\n"
    "of kernels (kernels.json, by pingjia-kernels --out), beside a run or alone.",
    {{"format", "NAME",
      "html, text, markdown, csv, json or junit (default: html with -o, else text)"},
     {"o", "FILE", "where to write it"}}};

namespace {

using nlohmann::json;

int print_summary(World& world, const Arguments& arguments, const RunView& view) {
  const auto& row = find_row(world.reports, "format", arguments.has("json") ? "json" : "text", "");
  world.out << row.make({view});
  return kDone;
}

// What another version of a scorer has made of the old marks.
void tell_regraded(const World& world, const std::vector<Score>& before, const RunView& view) {
  std::map<RecordKey, std::string> after;
  for (const auto& sample : view.samples) after[sample.record.key] = sample.outcome;
  std::map<std::string, int> changes;
  int changed = 0;
  for (const auto& score : before) {
    const auto now = after.find(score.key);
    if (now == after.end() || now->second == score.outcome) continue;
    ++changes[score.outcome + " -> " + now->second];
    ++changed;
  }
  world.err << "regraded " << before.size() << " answers: " << changed << " marks changed";
  for (const auto& [change, count] : changes) world.err << "; " << change << " " << count;
  world.err << "\n";
}

}  // namespace

int score(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kScoreUsage, raw);
  const auto directory = open_run_directory(arguments.positionals()[0]);
  const auto before = load_run(directory).scores;
  const auto view = finish_run(world, directory);
  if (!before.empty()) tell_regraded(world, before, view);
  return print_summary(world, arguments, view);
}

int report(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kReportUsage, raw);
  const auto file = arguments.value("o");
  const std::string format = arguments.value("format").value_or(file ? "html" : "text");
  const auto& row = find_row(world.reports, "format", format, "--format");
  const std::string text = row.make(view_runs(world, arguments.positionals()));
  if (file) {
    write_file(*file, text);
    world.err << "report: " << *file << "\n";
  } else {
    world.out << text;
  }
  return kDone;
}

}  // namespace pingjia::harness
