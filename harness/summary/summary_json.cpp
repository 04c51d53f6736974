#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/summary/summary.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 3> kBetter{"higher", "lower", "neither"};

json number_or_null(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

std::optional<double> optional_number(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<double>();
}

json metric_json(const Metric& metric) {
  return {{"tag", metric.tag},
          {"name", metric.name},
          {"unit", metric.unit},
          {"better", kBetter[static_cast<std::size_t>(metric.better)]},
          {"value", number_or_null(metric.value)},
          {"low", number_or_null(metric.low)},
          {"high", number_or_null(metric.high)},
          {"maker", metric.maker}};
}

Metric metric_of(const json& object) {
  Metric metric;
  metric.tag = object.at("tag");
  metric.name = object.at("name");
  metric.unit = object.at("unit");
  const auto better = object.at("better").get<std::string>();
  if (better == kBetter[0]) metric.better = Better::kHigher;
  if (better == kBetter[1]) metric.better = Better::kLower;
  metric.value = optional_number(object.at("value"));
  metric.low = optional_number(object.at("low"));
  metric.high = optional_number(object.at("high"));
  metric.maker = object.at("maker");
  return metric;
}

SummaryRow row_of(const json& object) {
  SummaryRow row;
  row.system = object.at("system");
  row.suite = object.at("suite");
  row.test_double = object.at("test_double");
  row.price_basis = object.at("price_basis");
  for (const auto& metric : object.at("metrics")) row.metrics.push_back(metric_of(metric));
  row.notes = object.at("notes").get<std::vector<std::string>>();
  return row;
}

}  // namespace

json summary_to_json(const Summary& summary) {
  json rows = json::array();
  for (const auto& row : summary.rows) {
    json metrics = json::array();
    for (const auto& metric : row.metrics) metrics.push_back(metric_json(metric));
    rows.push_back({{"system", row.system},
                    {"suite", row.suite},
                    {"test_double", row.test_double},
                    {"price_basis", row.price_basis},
                    {"metrics", std::move(metrics)},
                    {"notes", row.notes}});
  }
  return {{"schema_version", kSchemaVersion},
          {"run", summary.run},
          {"rows", std::move(rows)},
          {"notes", summary.notes},
          {"no_ranking", summary.no_ranking}};
}

Summary summary_from_json(const json& object, const std::string& where) {
  try {
    if (const int version = object.at("schema_version"); version > kSchemaVersion) {
      throw Error(where, "was written by a newer pingjia (schema " + std::to_string(version) + ")",
                  "read it with that one");
    }
    Summary summary;
    summary.run = object.at("run");
    for (const auto& row : object.at("rows")) summary.rows.push_back(row_of(row));
    summary.notes = object.at("notes").get<std::vector<std::string>>();
    summary.no_ranking = object.value("no_ranking", std::vector<std::string>{});
    return summary;
  } catch (const json::exception& problem) {
    throw Error(where, std::string("is no summary: ") + problem.what(),
                "make it again: pingjia score DIR");
  }
}

}  // namespace pingjia::harness
