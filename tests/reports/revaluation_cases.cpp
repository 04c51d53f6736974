// The C++ side of the comparison with the page's script (tests/end_to_end/revaluation_test.py):
//   revaluation_cases SEED COUNT    random inputs with what the C++ makes of them, as JSON
//   revaluation_cases -             the same of the inputs on standard input
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/base/rng.h"
#include "harness/money/revaluation.h"

namespace {

using namespace pingjia::harness;
using nlohmann::json;

json number(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

std::optional<double> number_of(const json& object, const char* key) {
  const json& value = object.at(key);
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

Work work_of(const json& object) {
  return {number_of(object, "input_tokens"), number_of(object, "output_tokens"),
          object.at("right").get<double>(),  number_of(object, "machine_hours"),
          object.at("gpus").get<int>(),      number_of(object, "joules"),
          number_of(object, "idle_w")};
}

json value_json(const Revaluation& value) {
  return {{"usd", number(value.usd)},
          {"energy_usd", number(value.energy_usd)},
          {"energy_share", number(value.energy_share)},
          {"usd_per_mtok", number(value.usd_per_mtok)},
          {"usd_per_correct", number(value.usd_per_correct)},
          {"machine_hours_per_million_correct", number(value.machine_hours_per_million_correct)},
          {"gpu_hours_per_million_correct", number(value.gpu_hours_per_million_correct)},
          {"unknown", value.unknown}};
}

MachineRates machine_rates_of(const json& object) {
  return {number_of(object, "usd_per_hour"), object.at("electricity_usd_per_kwh").get<double>(),
          object.at("pue").get<double>(), object.at("utilisation").get<double>()};
}

std::vector<LoadPoint> line_of(const json& list) {
  std::vector<LoadPoint> line;
  for (const auto& point : list) line.push_back({point.at(0), point.at(1)});
  return line;
}

// What the C++ makes of one case; its inputs stay beside it.
json answered(json one) {
  const Work work = work_of(one.at("work"));
  if (one.contains("machine")) {
    const MachineRates rates = machine_rates_of(one.at("machine"));
    one["value"] = value_json(revalue(work, rates));
    if (one.contains("other")) {
      const double other = one.at("other");
      one["breakeven"] = {{"mtok", number(breakeven_rent(work, rates, Per::kMtok, other))},
                          {"correct", number(breakeven_rent(work, rates, Per::kCorrect, other))}};
    }
  } else {
    const json& rates = one.at("tokens");
    one["value"] = value_json(revalue(work, TokenRates{number_of(rates, "usd_per_mtok_input"),
                                                       number_of(rates, "usd_per_mtok_output")}));
  }
  if (one.contains("lines")) {
    const auto a = line_of(one["lines"][0]);
    one["crossings"] = load_crossings(a, line_of(one["lines"][1]));
    one["at_load"] = number(usd_at_load(a, one.at("load").get<double>()));
  }
  return one;
}

/// Inputs over many magnitudes, each now and then unknown, zero or at the end of its range.
class Inputs {
 public:
  explicit Inputs(std::uint64_t seed) : rng_(seed, "revaluation cases") {}

  json random() {
    json one{{"work",
              {{"input_tokens", maybe(count())},
               {"output_tokens", maybe(count())},
               {"right", rng_.below(8) == 0 ? 0 : count()},
               {"machine_hours", maybe(spread(1e-4, 1e3))},
               {"gpus", rng_.below(9)},
               {"joules", maybe(spread(1, 1e9))},
               {"idle_w", maybe(spread(1, 1e4))}}}};
    if (rng_.below(3) == 0) {
      one["tokens"] = {{"usd_per_mtok_input", maybe(spread(1e-3, 1e2))},
                       {"usd_per_mtok_output", maybe(spread(1e-3, 1e2))}};
    } else {
      one["machine"] = {{"usd_per_hour", maybe(spread(1e-2, 1e2))},
                        {"electricity_usd_per_kwh", rng_.below(3) == 0 ? 0 : spread(1e-2, 1)},
                        {"pue", rng_.below(3) == 0 ? 1 : 1 + rng_.uniform()},
                        {"utilisation", rng_.below(3) == 0 ? 1 : spread(1e-2, 1)}};
      one["other"] = spread(1e-7, 1e3);
    }
    one["lines"] = {line(), line()};
    one["load"] = rng_.below(2) == 0 ? one["lines"][0][0][0] : json(spread(1, 512));
    return one;
  }

 private:
  double spread(double low, double high) { return low * std::pow(high / low, rng_.uniform()); }
  double count() { return static_cast<double>(1 + rng_.below(100'000'000)); }
  json maybe(double value) { return rng_.below(8) == 0 ? json(nullptr) : json(value); }

  json line() {
    json points = json::array();
    double load = static_cast<double>(1 + rng_.below(4));
    for (auto left = 1 + rng_.below(5); left > 0; --left) {
      points.push_back({load, spread(1e-2, 1e2)});
      load *= static_cast<double>(2 + rng_.below(3));
    }
    return points;
  }

  Rng rng_;
};

}  // namespace

int main(int argc, char** argv) {
  json cases = json::array();
  if (argc == 2 && std::string(argv[1]) == "-") {
    for (auto& one : json::parse(std::cin)) cases.push_back(answered(std::move(one)));
  } else if (argc == 3) {
    Inputs inputs(std::strtoull(argv[1], nullptr, 10));
    for (int i = std::atoi(argv[2]); i > 0; --i) cases.push_back(answered(inputs.random()));
  } else {
    fmt::print(stderr, "revaluation_cases SEED COUNT, or revaluation_cases - < inputs.json\n");
    return 2;
  }
  fmt::print("{}\n", cases.dump());
}
