#include "harness/commands/run.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"
#include "harness/commands/campaign.h"
#include "harness/commands/run_session.h"
#include "harness/commands/stages.h"
#include "harness/record/journal.h"
#include "harness/spec/suite_json.h"

namespace pingjia::harness {

const CommandUsage kRunUsage{
    "run",
    "FILE",
    0,
    1,
    "Runs every system of the run file over its suites, then marks, prices and reports.\n"
    "Everything goes into one folder, runs/NAME; 'pingjia help run-file' describes FILE.",
    {{"out", "DIR", "the run's folder (default: runs/NAME of the run file, or the time)"},
     {"resume", "DIR", "go on with a run that was stopped or killed; needs no FILE"},
     {"dry-run", "", "check everything and show what would be sent; send and write nothing"},
     {"json", "", "print the summary as JSON instead of a table"},
     {"quiet", "", "no progress"}}};

namespace {

using nlohmann::json;

void print_plan(const World& world, const Campaign& campaign) {
  for (std::size_t i = 0; i < campaign.spec.systems.size(); ++i) {
    const auto& system = campaign.spec.systems[i];
    world.out << system.name << " (" << system.adapter << "; " << pricing_text(campaign.pricing[i])
              << ")\n";
    for (const auto& plan : campaign.plans(system)) {
      world.out << "  " << plan.suite << ": " << plan.requests.size() << " requests\n";
    }
  }
  world.out << "nothing was sent or written\n";
}

// "2026-11-25T14:13:00Z" -> "20261125-141300"
std::string folder_name(const std::string& timestamp) {
  std::string name;
  for (const char c : timestamp) {
    if (c == 'T') name += '-';
    if (c >= '0' && c <= '9') name += c;
  }
  return name;
}

std::filesystem::path choose_folder(const Arguments& arguments, const Campaign& campaign,
                                    const std::string& created) {
  if (const auto out = arguments.value("out")) return *out;
  const auto& name = campaign.spec.name;

  return std::filesystem::path("runs") / (name.empty() ? folder_name(created) : name);
}

RunDirectory start_directory(const std::filesystem::path& path, const Campaign& campaign,
                             const std::string& created) {
  const RunDirectory directory = create_run_directory(path);
  make_folder(directory.suites());
  for (const auto& suite : campaign.suites) {
    write_file(directory.suites() / (suite.suite.name + ".json"), to_json(suite.suite).dump(1));
  }
  write_file(directory.manifest(), manifest_of(campaign, created).dump(2) + "\n");
  return directory;
}

// The campaign of a run that was stopped: its run file as resolved, its suites as they were asked.
Campaign campaign_of(const World& world, const RunDirectory& directory, json& manifest) {
  manifest = read_manifest(directory);
  const std::string where = directory.manifest().string();
  Campaign campaign;
  campaign.spec = run_spec_from_json(manifest.at("spec"), where);
  const std::vector<std::filesystem::path> folders{directory.suites()};
  for (std::size_t i = 0; i < campaign.spec.suites.size(); ++i) {
    const auto& entry = manifest.at("suites").at(i);
    CampaignSuite suite;
    suite.spec = campaign.spec.suites[i];
    suite.suite = load_suite(entry.at("suite"), folders);
    suite.protocol = find_protocol(suite.suite, entry.at("protocol"), where);
    suite.key = entry.at("key");
    campaign.suites.push_back(std::move(suite));
  }
  for (const auto& system : campaign.spec.systems) {
    campaign.pricing.push_back(pricing_from_json(manifest.at("pricing").at(system.name), where));
    make_adapter(world, campaign.spec, system, "");
  }
  read_budget(campaign, where);
  return campaign;
}

// A run that never began leaves nothing behind; one that did is kept for --resume.
void discard_if_nothing_was_sent(const RunDirectory& directory) {
  std::error_code ignored;
  try {
    if (std::filesystem::exists(directory.records(), ignored) &&
        !read_journal(directory.records()).records.empty()) {
      return;
    }
  } catch (const Error&) {
    return;  // What cannot be read may hold answers.
  }
  discard(directory);
}

int finish(World& world, const Arguments& arguments, const RunDirectory& directory,
           const SessionOutcome& outcome) {
  const RunView view = finish_run(world, directory);
  const auto& row = find_row(world.reports, "format", arguments.has("json") ? "json" : "text", "");
  world.out << row.make({view});
  world.err << "report: " << directory.report().string() << "\n";
  for (const auto& problem : outcome.problems) world.err << "pingjia: " << problem << "\n";
  const std::string resume = "pingjia run --resume " + directory.path.string();
  if (outcome.end == SessionEnd::kInterrupted) {
    world.err << "interrupted; go on with '" << resume << "'\n";
    return kInterrupted;
  }
  if (outcome.end == SessionEnd::kBudgetSpent) {
    world.err << "stopped: the budget is spent; raise budget_usd in "
              << directory.manifest().string() << " and go on with '" << resume << "'\n";
    return kBudgetSpent;
  }
  if (outcome.problems.empty()) return kDone;
  world.err << "mend that and go on with '" << resume << "'\n";
  return kBadInput;
}

int resume(World& world, const Arguments& arguments, const std::string& folder) {
  const RunDirectory directory = open_run_directory(folder);
  json manifest;
  const Campaign campaign = campaign_of(world, directory, manifest);
  if (arguments.has("dry-run")) {
    print_plan(world, campaign);
    return kDone;
  }
  const auto outcome =
      run_session(world, campaign, directory, std::move(manifest), arguments.has("quiet"));
  return finish(world, arguments, directory, outcome);
}

}  // namespace

int run(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kRunUsage, raw);
  if (const auto folder = arguments.value("resume")) {
    if (!arguments.positionals().empty()) {
      throw Error("pingjia run", "--resume takes the run file from the run's folder",
                  "leave '" + arguments.positionals()[0] + "' out");
    }
    return resume(world, arguments, *folder);
  }
  if (arguments.positionals().empty()) {
    throw Error("pingjia run", "needs a run file", "see 'pingjia help run-file'");
  }
  const std::string file = arguments.positionals()[0];
  const Campaign campaign = prepare(world, load_run_spec(file), file);
  if (arguments.has("dry-run")) {
    print_plan(world, campaign);
    return kDone;
  }
  const std::string created = world.timestamp();
  const RunDirectory directory =
      start_directory(choose_folder(arguments, campaign, created), campaign, created);
  try {
    const auto outcome = run_session(world, campaign, directory, manifest_of(campaign, created),
                                     arguments.has("quiet"));
    return finish(world, arguments, directory, outcome);
  } catch (const Error&) {
    discard_if_nothing_was_sent(directory);
    throw;
  }
}

}  // namespace pingjia::harness
