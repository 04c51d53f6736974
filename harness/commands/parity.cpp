#include "harness/commands/parity.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/stages.h"
#include "harness/summary/parity.h"

namespace pingjia::harness {

const CommandUsage kParityUsage{
    "parity",
    "DIR...",
    1,
    1000,
    "Judges every other system of the runs against a reference, on the questions that both\n"
    "answered: not worse than it by the margin or more, worse by the margin or more, or undecided\n"
    "(and how many questions would decide it); and what it costs beside it, per token and per\n"
    "correct answer, with 95 % intervals. The tests are one-sided, paired (Tango's score test) "
    "and\n"
    "corrected by Holm over the systems; repeats and clusters of questions count as what they "
    "are.\n"
    "Questions put in other words to each side are left out; a system is refused where less than\n"
    "half of the common ones remain.",
    {{"reference", "MODEL",
      "the system to be judged against; 'run:system' where runs share a name"},
     {"margin", "POINTS", "how much worse is still as good, in points of accuracy: 2pt"},
     {"suite", "NAME", "on this suite alone, or 'suite/protocol'"},
     {"json", "", "as JSON"}}};

namespace {

// A run with what the comparison refers to.
struct LoadedRun {
  StoredRun run;
  SummaryInput input;
  std::string name;  // How labels name it: its folder, or the path as given where folders agree.
};

using Runs = std::vector<std::unique_ptr<LoadedRun>>;

Runs load_runs(const World& world, const std::vector<std::string>& folders) {
  Runs runs;
  for (const auto& folder : folders) {
    auto& loaded = runs.emplace_back(std::make_unique<LoadedRun>());
    loaded->run = load_run(open_run_directory(folder));
    if (loaded->run.scores.empty()) score_stage(world, loaded->run);
    loaded->input = summary_input(loaded->run);
    loaded->name = loaded->run.directory.name();
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::size_t k = 0; k < runs.size(); ++k) {
      if (i != k && runs[i]->run.directory.name() == runs[k]->run.directory.name()) {
        if (folders[i] == folders[k]) throw Error(folders[i], "is given twice", "give it once");
        runs[i]->name = folders[i];
      }
    }
  }
  return runs;
}

// Every system of every run; its label is its name where no other run has it, else "run:system".
std::vector<ComparedSystem> list_systems(const Runs& runs) {
  std::vector<ComparedSystem> systems;
  for (const auto& run : runs) {
    for (const auto& system : run->input.systems) {
      const auto holders = std::count_if(runs.begin(), runs.end(), [&](const auto& other) {
        return std::any_of(other->input.systems.begin(), other->input.systems.end(),
                           [&](const auto& one) { return one.name == system.name; });
      });
      systems.push_back(
          {&run->input, system.name, holders > 1 ? run->name + ":" + system.name : system.name});
    }
  }
  return systems;
}

// Takes the reference out of `systems`.
ComparedSystem take_reference(const std::string& name, const Runs& runs,
                              std::vector<ComparedSystem>& systems) {
  const auto is_named = [&](const ComparedSystem& candidate) {
    if (candidate.label == name) return true;
    return std::any_of(runs.begin(), runs.end(), [&](const auto& run) {
      return candidate.run == &run->input && name == run->name + ":" + candidate.system;
    });
  };
  const auto found = std::find_if(systems.begin(), systems.end(), is_named);
  if (found == systems.end()) {
    std::vector<std::string_view> labels;
    std::string several;
    for (const auto& system : systems) {
      labels.push_back(system.label);
      if (system.system == name) several += (several.empty() ? "" : ", ") + system.label;
    }
    if (!several.empty()) {
      throw Error("--reference", "'" + name + "' is a system of several runs",
                  "name one of " + several);
    }
    throw Error("--reference", "no system '" + name + "' in these runs", suggest(name, labels));
  }
  const ComparedSystem reference = *found;
  systems.erase(found);
  if (systems.empty()) {
    throw Error("pingjia parity", "these runs have no other system than '" + name + "'",
                "give a run that has one");
  }
  return reference;
}

std::function<bool(const std::string&)> suite_filter(const std::optional<std::string>& wanted,
                                                     const Runs& runs) {
  if (!wanted) return {};
  const auto matches = [name = *wanted](const std::string& suite) {
    return suite == name || suite.substr(0, suite.find('/')) == name;
  };
  std::vector<std::string_view> known;
  for (const auto& run : runs) {
    for (const auto& suite : run->input.suites) {
      if (matches(suite)) return matches;
      if (std::find(known.begin(), known.end(), suite) == known.end()) known.push_back(suite);
    }
  }
  throw Error("--suite", "these runs did not ask '" + *wanted + "'", suggest(*wanted, known));
}

std::string asked(const Arguments& arguments, const std::string& option, const std::string& mend) {
  const auto value = arguments.value(option);
  if (!value) throw Error("pingjia parity", "needs --" + option, mend);
  return *value;
}

void print_row(std::ostream& out, const Parity& all, const ParityRow& row) {
  out << fmt::format("\n{}: {}\n  {}\n", row.model, verdict_name(row.verdict),
                     parity_sentence(all, row));
  if (row.verdict == ParityVerdict::kRefused) return;
  out << fmt::format(
      "  accuracy {:.2f} % and {:.2f} % of {} questions; only {} right {}, only {} right {}\n",
      100 * row.accuracy_model, 100 * row.accuracy_reference, row.paired, row.model, row.only_model,
      all.reference, row.only_reference);
  out << fmt::format(
      "  p {:.3g} for not worse, {:.3g} for worse, {:.3g} for equal within the margin; detectable "
      "difference {} points\n",
      row.p_not_worse, row.p_worse, row.p_equivalent, points_text(row.minimum_detectable));
  out << fmt::format("  price per token, times the reference's: {}{}\n", ratio_text(row.per_token),
                     row.per_token.value ? "" : ": " + row.per_token.why);
  out << fmt::format("  cost of a correct answer, times the reference's: {}{}\n",
                     ratio_text(row.per_correct),
                     row.per_correct.value ? "" : ": " + row.per_correct.why);
  if (row.suites.size() > 1) {
    for (const auto& suite : row.suites) {
      out << fmt::format("  {}: difference {} on {} questions\n", suite.suite,
                         points_text(suite.difference, suite.interval, all.margin), suite.paired);
    }
  }
  out << "  " << row.pricing << "\n  " << row.method << "\n";
}

void print(std::ostream& out, const Parity& parity) {
  out << fmt::format("reference {}, margin {} points, {:.4g} % intervals", parity.reference,
                     fmt::format("{:.4g}", 100 * parity.margin), 100 * parity.confidence);
  if (parity.rows.size() > 1) out << fmt::format(", Holm over {} systems", parity.rows.size());
  out << fmt::format("\nsuites: {}\n", fmt::join(parity.suites, ", "));
  for (const auto& row : parity.rows) print_row(out, parity, row);
  if (!parity.notes.empty()) out << "\n";
  for (const auto& note : parity.notes) out << "note: " << note << "\n";
}

}  // namespace

int parity(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kParityUsage, raw);
  ParityOptions options;
  options.margin = parse_margin(asked(arguments, "margin", "say how much worse is as good: 2pt"));
  const std::string name = asked(arguments, "reference", "name the system to be judged against");
  const Runs runs = load_runs(world, arguments.positionals());
  options.belongs = suite_filter(arguments.value("suite"), runs);
  std::vector<ComparedSystem> systems = list_systems(runs);
  const ComparedSystem reference = take_reference(name, runs, systems);
  const Parity judged = judge_parity(reference, systems, options);
  if (std::all_of(judged.rows.begin(), judged.rows.end(),
                  [](const ParityRow& row) { return row.verdict == ParityVerdict::kRefused; })) {
    const ParityRow& first = judged.rows.front();
    throw Error(first.model + " and " + reference.label, "cannot be compared: " + first.why,
                "give runs of the same suites, protocols and prompts");
  }
  if (arguments.has("json")) {
    world.out << to_json(judged).dump(2) << "\n";
  } else {
    print(world.out, judged);
  }
  return kDone;
}

}  // namespace pingjia::harness
