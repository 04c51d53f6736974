#include "harness/commands/compare_runs.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/stages.h"
#include "harness/summary/comparison.h"

namespace pingjia::harness {

const CommandUsage kCompareUsage{
    "compare",
    "A B",
    2,
    2,
    "Compares two systems on the questions both answered: the difference with its interval, an "
    "exact\n"
    "test, the least difference that so many questions can find, and the questions that flipped,\n"
    "with what changed: the prompt, the answer's text, or the grader.\n"
    "A and B are DIR:SYSTEM, or DIR where the run has one system.",
    {{"flips", "", "list every question whose outcome changed"}, {"json", "", "as JSON"}}};

namespace {

// One side of the comparison; the run must outlive what refers to it.
struct Side {
  StoredRun run;
  SummaryInput input;
  std::string system;
  std::string label;
};

std::unique_ptr<Side> load_side(const World& world, const std::string& name) {
  auto side = std::make_unique<Side>();
  std::string folder = name;
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored)) {
    const auto colon = name.rfind(':');
    if (colon != std::string::npos) {
      folder = name.substr(0, colon);
      side->system = name.substr(colon + 1);
    }
  }
  side->run = load_run(open_run_directory(folder));
  if (side->run.scores.empty()) score_stage(world, side->run);
  const auto& systems = side->run.spec.systems;
  if (side->system.empty()) {
    if (systems.size() != 1) {
      std::string known;
      for (const auto& system : systems) known += " " + folder + ":" + system.name;
      throw Error(name, "has " + std::to_string(systems.size()) + " systems", "name one:" + known);
    }
    side->system = systems.front().name;
  }
  side->label = side->run.directory.name() + ":" + side->system;
  side->input = summary_input(side->run);
  return side;
}

std::string fraction(const std::optional<double>& value) {
  return value ? fmt::format("{:.4f}", *value) : "unknown";
}

std::string interval(const std::optional<Interval>& range, const char* format) {
  return range ? fmt::format(fmt::runtime(format), range->low, range->high) : "";
}

// "7 flips, because of: text 6, grader 1"
std::string causes_of(const std::vector<Flip>& flips) {
  std::map<std::string_view, int> causes;
  for (const auto& flip : flips) ++causes[flip.why()];
  std::string text = fmt::format("{} flips, because of:", flips.size());
  for (const auto& [cause, count] : causes) {
    text += fmt::format("{} {} {}", text.ends_with(':') ? "" : ",", cause, count);
  }
  return text;
}

void print_row(std::ostream& out, const ComparisonRow& row, bool flips) {
  out << fmt::format("{}: {} questions paired", row.suite, row.paired);
  if (row.unpaired > 0) out << fmt::format(", {} marked on one side only", row.unpaired);
  if (row.other_prompt > 0) out << fmt::format(", {} asked differently", row.other_prompt);
  out << fmt::format("\n  accuracy {} and {}, difference {}{}\n", fraction(row.accuracy_a),
                     fraction(row.accuracy_b), fraction(row.difference),
                     interval(row.interval, " [{:.4f}, {:.4f}]"));
  out << fmt::format("  only A right {}, only B right {}; p {}; detectable difference {}\n",
                     row.only_a, row.only_b, fraction(row.p_value),
                     fraction(row.minimum_detectable));
  if (row.cost_ratio) {
    out << fmt::format("  cost of a correct answer, A over B: {:.4g}{}\n", *row.cost_ratio,
                       interval(row.cost_ratio_interval, " [{:.4g}, {:.4g}]"));
  }
  out << "  " << row.method << "\n";
  if (!row.flips.empty()) out << "  " << causes_of(row.flips) << "\n";
  if (!flips) return;
  for (const auto& flip : row.flips) {
    out << fmt::format("  {} #{}: {} -> {} ({} changed)\n", flip.sample, flip.repeat,
                       flip.outcome_a, flip.outcome_b, flip.why());
  }
}

}  // namespace

int compare_runs(World& world, std::span<const std::string> raw) {
  const Arguments arguments(kCompareUsage, raw);
  const auto a = load_side(world, arguments.positionals()[0]);
  const auto b = load_side(world, arguments.positionals()[1]);
  const auto comparison =
      compare({&a->input, a->system, a->label}, {&b->input, b->system, b->label});
  if (arguments.has("json")) {
    world.out << to_json(comparison).dump(2) << "\n";
    return kDone;
  }
  world.out << "A " << comparison.label_a << "\nB " << comparison.label_b << "\n";
  for (const auto& row : comparison.rows) print_row(world.out, row, arguments.has("flips"));
  for (const auto& note : comparison.notes) world.out << "note: " << note << "\n";
  return kDone;
}

}  // namespace pingjia::harness
