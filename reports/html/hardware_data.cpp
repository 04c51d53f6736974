#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/html/hardware.h"

namespace pingjia::reports {

using nlohmann::json;

namespace {

json number(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

json metric_json(const Placement& place, const char* tag) {
  const harness::Metric* metric = metric_of(*place.row, tag);
  if (metric == nullptr) return {{"value", nullptr}, {"low", nullptr}, {"high", nullptr}};
  return {{"value", number(metric->value)},
          {"low", number(metric->low)},
          {"high", number(metric->high)}};
}

json place_json(const HardwareView& view, const Placement& place) {
  json object{{"label", place.label},
              {"series", place.one->series},
              {"load", place.load},
              {"in_flight", number(place.in_flight)},
              {"work",
               {{"input_tokens", number(place.work.input_tokens)},
                {"output_tokens", number(place.work.output_tokens)},
                {"right", place.work.right},
                {"machine_hours", number(place.work.machine_hours)},
                {"gpus", place.work.gpus},
                {"joules", number(place.work.joules)},
                {"idle_w", number(place.work.idle_w)}}},
              {"measured",
               {{"usd_per_mtok", metric_json(place, "usd_per_mtok_blended")},
                {"usd_per_correct", metric_json(place, "usd_per_correct")},
                {"machine_hours_per_million_correct",
                 metric_json(place, "machine_hours_per_million_correct")}}}};
  // Names of the page's state keys.
  if (place.api) {
    object["api"] = view.api_of(place);
  } else {
    object["machine"] = view.machine_of(place);
  }
  return object;
}

}  // namespace

std::string hardware_json(const HardwareView& view, const Page& page) {
  json machines = json::array();
  for (const auto& machine : view.machines) {
    machines.push_back({{"name", machine.name}, {"rent", number(machine.usd_per_hour)}});
  }
  json groups = json::array();
  for (const auto& group : view.groups) {
    json places = json::array();
    if (!group.suite.empty()) {
      for (const auto& place : group.places) places.push_back(place_json(view, place));
    }
    groups.push_back(std::move(places));
  }
  json units = json::object();
  for (const auto per : {harness::Per::kMtok, harness::Per::kCorrect}) {
    const CostUnit unit = cost_unit(per, page);
    units[unit.key] = {{"factor", unit.column.factor}, {"title", unit.column.title()}};
  }
  return json{{"machines", machines}, {"groups", groups}, {"units", units}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
}

}  // namespace pingjia::reports
