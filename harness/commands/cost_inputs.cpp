#include "harness/commands/cost_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

std::string range_text(const Assumption& assumption) {
  if (!assumption.value) return "not given";
  std::string text = quantity(*assumption.value);
  if (assumption.low && assumption.high) {
    text += fmt::format(" ({} to {})", quantity(*assumption.low), quantity(*assumption.high));
  }
  return text;
}

bool is_shown(const Assumption& assumption, const IdleInputs& idle) {
  return assumption.value &&
         std::find(idle.begin(), idle.end(), assumption.kind->key) == idle.end();
}

}  // namespace

CommandUsage calculator_usage(const std::string& command, const std::string& help,
                              std::span<const AssumptionKind> kinds, std::vector<OptionHelp> more) {
  CommandUsage usage{command, "[NAME]", 0, 1, help, {}};
  for (const auto& kind : kinds) {
    std::string text = fmt::format("{}: {}", kind.unit, kind.help);
    if (!kind.value.empty()) text += fmt::format(" [{}]", kind.value);
    usage.options.push_back({std::string(kind.key), "N", std::move(text)});
  }
  for (auto& option : more) usage.options.push_back(std::move(option));
  usage.options.push_back(
      {"example", "", "start from a published case, the first or the NAME after it"});
  usage.options.push_back({"json", "", "as JSON"});
  return usage;
}

std::optional<WorkedExample> example_asked(const World& world, const Arguments& arguments,
                                           const std::string& calculator) {
  const auto& names = arguments.positionals();
  if (!arguments.has("example")) {
    if (names.empty()) return std::nullopt;
    throw Error("pingjia cost " + calculator, "unexpected argument '" + names[0] + "'",
                "see 'pingjia help cost'");
  }
  auto examples = worked_examples(world.worked_examples, calculator, "worked_examples.json");
  std::vector<std::string_view> known;
  for (auto& example : examples) {
    if (names.empty() || example.name == names[0]) return std::move(example);
    known.push_back(example.name);
  }
  throw Error("--example", "no published case '" + (names.empty() ? "" : names[0]) + "'",
              suggest(names.empty() ? "" : names[0], known));
}

std::string quantity(double value) {
  if (!std::isfinite(value)) return "unbounded";
  constexpr std::array<std::pair<double, char>, 4> kScales{
      {{1e12, 'T'}, {1e9, 'B'}, {1e6, 'M'}, {1e4, 'k'}}};
  for (const auto& [scale, suffix] : kScales) {
    const double unit = suffix == 'k' ? 1e3 : scale;
    if (std::abs(value) >= scale) return fmt::format("{:.4g}{}", value / unit, suffix);
  }
  return fmt::format("{:.4g}", value);
}

std::string usd_amount(double usd) {
  return std::isfinite(usd) ? "$" + quantity(usd) : "never";
}

void print_inputs(std::ostream& out, const Assumptions& assumptions, const IdleInputs& idle) {
  out << "inputs\n";
  for (const auto& assumption : assumptions.all()) {
    if (!is_shown(assumption, idle)) continue;
    out << fmt::format("  {:<18}{:<26}{:<15}{}{}\n", assumption.kind->key, range_text(assumption),
                       assumption.kind->unit, assumption.source,
                       assumption.date.empty() ? "" : ", " + assumption.date);
  }
}

void print_tornado(std::ostream& out, const std::vector<Swing>& swings, const std::string& result,
                   std::string (*amount)(double)) {
  out << fmt::format("\nsensitivity of {}, one input at a time (* a fifth down and up)\n", result);
  for (const auto& swing : swings) {
    out << fmt::format("  {:<18}{:>10} to {:<10}{} {:>10} to {}\n", swing.key,
                       quantity(swing.low_input), quantity(swing.high_input),
                       swing.assumed_range ? '*' : ' ', amount(swing.at_low),
                       amount(swing.at_high));
  }
}

nlohmann::json finite(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json inputs_json(const Assumptions& assumptions, const IdleInputs& idle) {
  nlohmann::json inputs = nlohmann::json::array();
  for (const auto& assumption : assumptions.all()) {
    if (!is_shown(assumption, idle)) continue;
    nlohmann::json input{{"key", assumption.kind->key},
                         {"value", *assumption.value},
                         {"unit", assumption.kind->unit},
                         {"source", assumption.source},
                         {"date", assumption.date}};
    if (assumption.low) input["low"] = *assumption.low;
    if (assumption.high) input["high"] = *assumption.high;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

nlohmann::json tornado_json(const std::vector<Swing>& swings) {
  nlohmann::json table = nlohmann::json::array();
  for (const auto& swing : swings) {
    table.push_back({{"key", swing.key},
                     {"low_input", swing.low_input},
                     {"high_input", swing.high_input},
                     {"assumed_range", swing.assumed_range},
                     {"at_low", finite(swing.at_low)},
                     {"at_high", finite(swing.at_high)}});
  }
  return table;
}

}  // namespace pingjia::harness
