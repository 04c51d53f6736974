#include "harness/commands/hardware_rates.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/commands/stored_run.h"
#include "harness/money/two_rate_fit.h"
#include "harness/summary/row_facts.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

/// What is fitted of one system, over every run that has it.
struct SystemPoints {
  std::vector<RatePoint> points;
  std::optional<double> usd_per_device_hour;  ///< Of the last run that is billed by the hour.
};

void add_run(const std::string& path, std::map<std::string, SystemPoints>& systems) {
  const StoredRun run = load_run(open_run_directory(path));
  // Its rows refer to it.
  const SummaryInput input = summary_input(run);
  for (const RowFacts& row : gather_rows(input)) {
    // Rows of a suite are the points; the row of everything would count them twice.
    if (row.whole() || row.tokens.answers_without > 0 || row.held == 0) continue;
    const auto* machine = std::get_if<MachinePricing>(&row.system->pricing);
    const Hardware* hardware = row.system->hardware ? &*row.system->hardware
                               : machine            ? &machine->hardware
                                                    : nullptr;
    // A machine without GPUs is one device.
    const int devices = hardware ? std::max(hardware->gpus, 1) : 1;
    SystemPoints& system = systems[row.system->name];
    system.points.push_back({static_cast<double>(row.tokens.input),
                             static_cast<double>(row.tokens.output), seconds(row.held) * devices});
    if (machine) {
      system.usd_per_device_hour = machine->hardware.usd_per_hour->usd() / devices;
    }
  }
}

json fit_json(const std::string& name, const SystemPoints& system) {
  const TwoRateFit fit = fit_two_rates(system.points);
  json object{{"system", name}, {"points", system.points.size()}};
  if (!fit.unknown.empty()) {
    object["unknown"] = fit.unknown;
    return object;
  }
  object["seconds_per_input_token"] = fit.seconds_per_input;
  object["seconds_per_output_token"] = fit.seconds_per_output;
  object["fixed_seconds"] = fit.fixed_seconds;
  object["rms_error"] = fit.rms_error;
  object["worst_error"] = fit.worst_error;
  object["r_squared"] = fit.r_squared;
  if (system.usd_per_device_hour) {
    const double usd_per_second = *system.usd_per_device_hour / 3600;
    object["usd_per_mtok_input"] = 1e6 * fit.seconds_per_input * usd_per_second;
    object["usd_per_mtok_output"] = 1e6 * fit.seconds_per_output * usd_per_second;
  }
  return object;
}

void print_fit(std::ostream& out, const json& fit) {
  out << fit.at("system").get<std::string>() << ": ";
  if (fit.contains("unknown")) {
    out << "unknown: " << fit["unknown"].get<std::string>() << "\n";
    return;
  }
  const auto number = [&fit](const char* key) { return fit.at(key).get<double>(); };
  out << fmt::format(
      "{:.3g} s per 1,000 input tokens, {:.3g} s per 1,000 output tokens, {:.3g} s a run; "
      "error {:.2f} % rms, {:.2f} % at most, over {} runs\n",
      1e3 * number("seconds_per_input_token"), 1e3 * number("seconds_per_output_token"),
      number("fixed_seconds"), 100 * number("rms_error"), 100 * number("worst_error"),
      fit.at("points").dump());
  if (fit.contains("usd_per_mtok_input")) {
    out << fmt::format("  ${:.4g} per Mtok input, ${:.4g} per Mtok output\n",
                       number("usd_per_mtok_input"), number("usd_per_mtok_output"));
  }
}

}  // namespace

int hardware_rates(World& world, const Arguments& arguments) {
  std::map<std::string, SystemPoints> systems;
  for (std::size_t i = 1; i < arguments.positionals().size(); ++i) {
    add_run(arguments.positionals()[i], systems);
  }
  json fits = json::array();
  for (const auto& [name, system] : systems) fits.push_back(fit_json(name, system));
  if (arguments.has("json")) {
    world.out << fits.dump(2) << "\n";
    return kDone;
  }
  world.out << "machine time = a x input + b x output + c, by least squares over suites and runs\n";
  for (const auto& fit : fits) print_fit(world.out, fit);
  return kDone;
}

}  // namespace pingjia::harness
