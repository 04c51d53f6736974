#include "harness/commands/cost_breakeven.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/cost_gpu.h"
#include "harness/commands/cost_inputs.h"
#include "harness/money/breakeven.h"
#include "harness/record/record.h"

namespace pingjia::harness {

namespace {

constexpr std::string_view kFormula =
    "own(V) = ops + ceil(V / (tokens/s x utilisation x 2.628e6)) x GPUs x rate x 730 h + energy x "
    "V; API(V) = price x V";

struct Asked {
  Assumptions assumptions{breakeven_kinds()};
  std::string title;
  std::optional<double> volume;  // Tokens a month.
};

// The static price, and what a falling one comes to.
struct Scenario {
  std::string name;
  double api_usd_per_mtok = 0;
  std::vector<Crossing> crossings;
};

Asked ask(const World& world, const Arguments& arguments) {
  Asked asked;
  if (const auto example = example_asked(world, arguments, "breakeven")) {
    asked.title = example->title;
    for (const auto& input : example->inputs) {
      asked.assumptions.set(input.key, input.value, input.source, input.date, example->name);
    }
  }
  const auto set_given = [&] {
    for (const auto& kind : breakeven_kinds()) {
      const std::string key(kind.key);
      if (const auto text = arguments.value(key)) {
        asked.assumptions.set(key, *text, "--" + key, world.timestamp().substr(0, 10), "--" + key);
      }
    }
  };
  set_gpu(world, arguments, asked.assumptions);
  set_given();
  if (arguments.has("owned")) {
    // It asks for the replica's rate, and what the user says still stands.
    set_owned(world, arguments, asked.assumptions);
    set_given();
  }
  if (const auto text = arguments.value("volume")) {
    asked.volume = parse_quantity(*text);
    if (!asked.volume || *asked.volume <= 0) {
      throw Error("--volume", "'" + *text + "' is no volume", "give tokens a month, such as 20B");
    }
  }
  return asked;
}

// What rent pays.
IdleInputs idle_inputs(const Breakeven& breakeven) {
  if (breakeven.usd_per_mtok_marginal > 0) return {};
  return {"joules-per-token", "electricity", "pue"};
}

// Mean price over the commitment, at the three rates of fall.
std::vector<Scenario> scenarios(const Asked& asked, const Breakeven& breakeven) {
  std::vector<Scenario> found{{"static", breakeven.api_usd_per_mtok, crossings(breakeven)}};
  const Assumption& decay = asked.assumptions.find("decay");
  const double months = asked.assumptions.at("months");
  std::vector<double> folds{decay.low.value_or(*decay.value)};
  for (const double fold : {*decay.value, decay.high.value_or(*decay.value)}) {
    if (fold != folds.back()) folds.push_back(fold);
  }
  for (const double fold : folds) {
    Breakeven falling = breakeven;
    falling.api_usd_per_mtok = mean_falling_price(breakeven.api_usd_per_mtok, fold, months);
    found.push_back({fmt::format("{}x a year, mean of {} months", quantity(fold), quantity(months)),
                     falling.api_usd_per_mtok, crossings(falling)});
  }
  return found;
}

double first_volume(const Assumptions& assumptions) {
  return first_crossing(crossings(breakeven_from(assumptions), 1));
}

std::string volume_amount(double tokens) {
  return std::isfinite(tokens) ? quantity(tokens) : "never";
}

void print_crossings(std::ostream& out, const Scenario& scenario) {
  out << fmt::format("\nAPI price {}: ${:.4g} per Mtok\n", scenario.name,
                     scenario.api_usd_per_mtok);
  if (scenario.crossings.empty()) {
    out << "  own GPUs are never cheaper: at their planned load a token costs no less\n";
    return;
  }
  constexpr std::size_t kShown = 12;
  out << "  from tokens/month  cheaper     GPUs  load of them  own $/month  API price that ties\n";
  for (std::size_t i = 0; i < scenario.crossings.size(); ++i) {
    if (i >= kShown && i + 1 < scenario.crossings.size()) {
      if (i == kShown)
        out << fmt::format("  ... {} more\n", scenario.crossings.size() - kShown - 1);
      continue;
    }
    const Crossing& crossing = scenario.crossings[i];
    out << fmt::format("  {:>17}  {:<8}  {:>6}  {:>10.1f} %  {:>11}  ${:.4g}/Mtok\n",
                       quantity(crossing.tokens_per_month),
                       crossing.own_is_cheaper_above ? "own GPUs" : "API", quantity(crossing.gpus),
                       100 * crossing.utilisation, usd_amount(crossing.own_usd_per_month),
                       crossing.tie_usd_per_mtok);
  }
}

void print_volume(std::ostream& out, const Asked& asked, const Breakeven& breakeven) {
  if (!asked.volume) return;
  const double volume = *asked.volume;
  const double own = breakeven.own_usd_per_month(volume);
  const double api = breakeven.api_usd_per_month(volume);
  const double replicas = breakeven.replicas(volume);
  out << fmt::format(
      "\nat {} tokens a month: own {} on {} GPUs at {:.1f} % load, API {}: {} cheaper\n",
      quantity(volume), usd_amount(own), quantity(replicas * breakeven.gpus_per_replica),
      100 * volume * breakeven.utilisation / (replicas * breakeven.replica_tokens()),
      usd_amount(api), own < api ? "own GPUs are" : "the API is");
  const double tie = breakeven.breakeven_price(volume);
  out << fmt::format("  the API ties at ${:.4g} per Mtok", tie);
  const double fold = asked.assumptions.at("decay");
  const auto months = months_until(breakeven.api_usd_per_mtok, tie, fold);
  if (months && *months > 0) {
    out << fmt::format(", which it reaches in {:.1f} months where it gets {}x cheaper a year",
                       *months, quantity(fold));
  }
  out << "\n";
}

void print(std::ostream& out, const Asked& asked, const Breakeven& breakeven) {
  if (!asked.title.empty()) out << asked.title << "\n\n";
  print_inputs(out, asked.assumptions, idle_inputs(breakeven));
  out << "\n" << kFormula << "\n";
  out << fmt::format(
      "  API price of this mix ${:.4f} per Mtok; own ${:.4f} at full load, ${:.4f} as planned\n",
      breakeven.api_usd_per_mtok, breakeven.full_load_price(), breakeven.planned_price());
  const double load = breakeven.breakeven_utilisation();
  out << fmt::format("  break-even load of a replica = own at full load / API price = {}\n",
                     load <= 1 ? fmt::format("{:.1f} %", 100 * load)
                               : "more than full: own GPUs are never cheaper");
  out << fmt::format(
      "  the API's price over own cost at full load: markup {:.0f} %, gross margin {:.1f} %\n",
      100 * markup(breakeven.api_usd_per_mtok, breakeven.full_load_price()),
      100 * gross_margin(breakeven.api_usd_per_mtok, breakeven.full_load_price()));
  for (const auto& scenario : scenarios(asked, breakeven)) print_crossings(out, scenario);
  print_volume(out, asked, breakeven);
  print_tornado(out, tornado(asked.assumptions, first_volume),
                "the first volume at which own GPUs are cheaper, tokens/month", volume_amount);
}

nlohmann::json crossings_json(const std::vector<Crossing>& crossings) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& crossing : crossings) {
    list.push_back({{"tokens_per_month", crossing.tokens_per_month},
                    {"cheaper_above", crossing.own_is_cheaper_above ? "own" : "api"},
                    {"gpus", crossing.gpus},
                    {"utilisation", crossing.utilisation},
                    {"own_usd_per_month", crossing.own_usd_per_month},
                    {"tie_usd_per_mtok", finite(crossing.tie_usd_per_mtok)}});
  }
  return list;
}

nlohmann::json to_json(const Asked& asked, const Breakeven& breakeven) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& scenario : scenarios(asked, breakeven)) {
    list.push_back({{"name", scenario.name},
                    {"api_usd_per_mtok", scenario.api_usd_per_mtok},
                    {"crossings", crossings_json(scenario.crossings)},
                    {"own_is_cheaper_for_good_from", finite(final_crossing(scenario.crossings))}});
  }
  nlohmann::json object{
      {"schema_version", kSchemaVersion},
      {"title", asked.title},
      {"inputs", inputs_json(asked.assumptions, idle_inputs(breakeven))},
      {"formula", kFormula},
      {"api_usd_per_mtok", breakeven.api_usd_per_mtok},
      {"own_usd_per_mtok_full_load", breakeven.full_load_price()},
      {"own_usd_per_mtok_planned", breakeven.planned_price()},
      {"markup_full_load", finite(markup(breakeven.api_usd_per_mtok, breakeven.full_load_price()))},
      {"gross_margin_full_load",
       finite(gross_margin(breakeven.api_usd_per_mtok, breakeven.full_load_price()))},
      {"breakeven_utilisation", finite(breakeven.breakeven_utilisation())},
      {"scenarios", std::move(list)}};
  if (asked.volume) {
    const double tie = breakeven.breakeven_price(*asked.volume);
    const auto months =
        months_until(breakeven.api_usd_per_mtok, tie, asked.assumptions.at("decay"));
    object["volume"] = {{"tokens_per_month", *asked.volume},
                        {"gpus", breakeven.replicas(*asked.volume) * breakeven.gpus_per_replica},
                        {"own_usd_per_month", breakeven.own_usd_per_month(*asked.volume)},
                        {"api_usd_per_month", breakeven.api_usd_per_month(*asked.volume)},
                        {"tie_usd_per_mtok", tie},
                        {"months_until_tie", months ? nlohmann::json(*months) : nlohmann::json()}};
  }
  object["sensitivity"] = tornado_json(tornado(asked.assumptions, first_volume));
  return object;
}

}  // namespace

CommandUsage breakeven_usage() {
  std::vector<OptionHelp> more = gpu_options();
  more.push_back({"owned", "FILE", "an owned card: the \"owned\" object of a run file"});
  more.push_back({"volume", "N", "tokens/month: value this volume too"});
  return calculator_usage(
      "cost breakeven",
      "From which monthly volume own GPUs are cheaper than an API. GPUs come whole, so that own\n"
      "cost is a staircase and the cheaper side can change more than once: every crossing is\n"
      "listed with the load of the GPUs and the API price that would tie. API prices fall: the\n"
      "same with the mean price over the commitment. N is a number (2.7M), LOW..HIGH or\n"
      "LOW..VALUE..HIGH; ranges make the sensitivity table.",
      breakeven_kinds(), std::move(more));
}

int cost_breakeven(World& world, std::span<const std::string> raw) {
  const Arguments arguments(breakeven_usage(), raw);
  const Asked asked = ask(world, arguments);
  const Breakeven breakeven = breakeven_from(asked.assumptions);
  if (arguments.has("json")) {
    world.out << to_json(asked, breakeven).dump(2) << "\n";
  } else {
    print(world.out, asked, breakeven);
  }
  return kDone;
}

}  // namespace pingjia::harness
