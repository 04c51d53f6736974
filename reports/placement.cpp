#include "reports/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/spec/model_name.h"
#include "reports/columns.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::SummaryRow;
using nlohmann::json;

namespace {

// A run.json that is not as expected says nothing: the page shows what it can.
json object_at(const json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? json() : *found;
}

std::string text_at(const json& object, const std::string& key) {
  const json value = object_at(object, key);
  return value.is_string() ? value.get<std::string>() : "";
}

std::optional<double> number_at(const json& object, const std::string& key) {
  const json value = object_at(object, key);
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

json system_spec(const json& manifest, const std::string& system) {
  for (const auto& spec : object_at(object_at(manifest, "spec"), "systems")) {
    if (text_at(spec, "name") == system) return spec;
  }
  return nullptr;
}

json hardware_of(const json& manifest, const std::string& system) {
  const json priced = object_at(object_at(object_at(manifest, "pricing"), system), "hardware");
  return priced.is_object() ? priced : object_at(system_spec(manifest, system), "hardware");
}

void read_load(const json& load, Placement& place) {
  if (text_at(load, "mode") == "closed") {
    place.in_flight = number_at(load, "concurrency");
    if (place.in_flight) place.load = fmt::format("{} in flight", *place.in_flight);
  } else if (const auto rate = number_at(load, "rate")) {
    place.load = fmt::format("{} per s", *rate);
  }
}

std::optional<double> value_of(const SummaryRow& row, std::string_view tag) {
  const harness::Metric* metric = metric_of(row, tag);
  return metric == nullptr ? std::nullopt : metric->value;
}

// Watts of the metered devices, idle: what is not above idle, over the seconds metered.
std::optional<double> idle_watts(const SummaryRow& row) {
  const auto joules = value_of(row, "energy");
  const auto above = value_of(row, "energy_above_idle");
  const auto watts = value_of(row, "average_power");
  if (!joules || !above || !watts || *joules <= 0) return std::nullopt;
  return (*joules - *above) / *joules * *watts;
}

void read_row(const SummaryRow& row, Placement& place) {
  place.row = &row;
  place.work = {value_of(row, "input_tokens"),
                value_of(row, "output_tokens"),
                value_of(row, "right").value_or(0),
                place.api ? std::nullopt : value_of(row, "serving_hours"),
                place.gpus,
                value_of(row, "energy"),
                idle_watts(row)};
  place.by_the_hour.usd_per_hour = value_of(row, "machine_rate");
  place.by_the_token = {value_of(row, "usd_per_mtok_input"), value_of(row, "usd_per_mtok_output")};
}

// Of a file of weights its name: where it lies says nothing of the model.
std::string model_name(const std::string& model) {
  constexpr std::string_view kEnding = ".gguf";
  if (!model.ends_with(kEnding)) return model;
  const auto slash = model.rfind('/');
  const std::size_t from = slash == std::string::npos ? 0 : slash + 1;
  return model.substr(from, model.size() - kEnding.size() - from);
}

Placement placement_of(const Contestant& one) {
  Placement place;
  place.one = &one;
  const json manifest = json::parse(one.run->manifest, nullptr, /*allow_exceptions=*/false);
  const json facts = object_at(object_at(manifest, "facts"), one.system);
  const json hardware = hardware_of(manifest, one.system);
  place.model = model_name(text_at(facts, "model"));
  if (place.model.empty()) place.model = one.system;
  place.weights = text_at(facts, "model_sha256");
  const SummaryRow* row = one.overall != nullptr ? one.overall : one.suites.front();
  place.api = row->price_basis == "api";
  place.gpus = static_cast<int>(number_at(hardware, "gpus").value_or(0));
  place.owned = object_at(hardware, "owned").is_object();
  for (const auto& name : {text_at(hardware, "name"), text_at(hardware, "gpu"),
                           text_at(facts, "device"), std::string("?")}) {
    if (place.machine.empty()) place.machine = visible(name);
  }
  if (place.api) place.machine = "API";
  read_load(object_at(object_at(manifest, "spec"), "load"), place);
  return place;
}

// "*" where all ran the same suites, else the first suite that all ran.
std::string common_suite(const std::vector<Placement>& places) {
  std::vector<Contestant> ones;
  for (const auto& place : places) ones.push_back(*place.one);
  const auto all_have = [&](const std::string& suite) {
    return std::all_of(ones.begin(), ones.end(),
                       [&](const Contestant& one) { return one.row(suite) != nullptr; });
  };
  if (same_suites(ones) && all_have("*")) return "*";
  for (const auto& suite : suites_of(ones)) {
    if (all_have(suite)) return suite;
  }
  return "";
}

// Places that share a label get what `more` says of them after it.
void lengthen(std::vector<Placement>& places, std::string (*more)(const Placement&)) {
  std::map<std::string, int> seen;
  for (const auto& place : places) ++seen[place.label];
  for (auto& place : places) {
    if (seen[place.label] > 1) place.label += more(place);
  }
}

void tell_apart(std::vector<Placement>& places) {
  for (auto& place : places) place.label = place.machine;
  lengthen(places, [](const Placement& place) {
    return place.load.empty() || place.api ? std::string() : ", " + place.load;
  });
  lengthen(places,
           [](const Placement& place) { return " (" + visible(place.one->run->name) + ")"; });
  lengthen(places, [](const Placement& place) { return " · " + visible(place.one->system); });
}

void complete(ModelGroup& group) {
  group.suite = common_suite(group.places);
  std::set<std::string> weights;
  for (auto& place : group.places) {
    if (!place.weights.empty()) weights.insert(place.weights);
    if (!group.suite.empty()) read_row(*place.one->row(group.suite), place);
  }
  group.same_weights = weights.size() <= 1;
  tell_apart(group.places);
}

}  // namespace

harness::Revaluation Placement::value() const {
  return api ? harness::revalue(work, by_the_token) : harness::revalue(work, by_the_hour);
}

std::vector<ModelGroup> model_groups(const std::vector<Contestant>& contestants) {
  std::vector<ModelGroup> groups;
  for (const auto& one : contestants) {
    if (one.overall == nullptr && one.suites.empty()) continue;
    Placement place = placement_of(one);
    const auto known = std::find_if(groups.begin(), groups.end(), [&](const ModelGroup& group) {
      return harness::same_model(group.model, place.model) || group.model == place.model;
    });
    if (known != groups.end()) {
      known->places.push_back(std::move(place));
    } else {
      const std::string model = place.model;
      groups.push_back({model, "", true, {std::move(place)}});
    }
  }
  std::erase_if(groups, [](const ModelGroup& group) { return group.places.size() < 2; });
  for (auto& group : groups) complete(group);
  return groups;
}

std::vector<std::string> loads_of(const ModelGroup& group) {
  struct Load {
    std::string name;
    double in_flight = 0;
    std::set<std::string> machines;
  };
  std::vector<Load> loads;
  for (const auto& place : group.places) {
    if (place.api) continue;
    auto known = std::find_if(loads.begin(), loads.end(),
                              [&](const Load& load) { return load.name == place.load; });
    if (known == loads.end()) {
      loads.push_back({place.load, place.in_flight.value_or(0), {}});
      known = loads.end() - 1;
    }
    known->machines.insert(place.machine);
  }
  std::stable_sort(loads.begin(), loads.end(), [](const Load& a, const Load& b) {
    return std::pair(a.machines.size(), a.in_flight) > std::pair(b.machines.size(), b.in_flight);
  });
  std::vector<std::string> names;
  for (const auto& load : loads) names.push_back(load.name);
  return names;
}

}  // namespace pingjia::reports
