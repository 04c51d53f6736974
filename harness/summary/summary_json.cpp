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

std::vector<Metric> metrics_of(const json& list) {
  std::vector<Metric> metrics;
  for (const auto& metric : list) metrics.push_back(metric_of(metric));
  return metrics;
}

SummaryRow row_of(const json& object) {
  SummaryRow row;
  row.system = object.at("system");
  row.suite = object.at("suite");
  row.test_double = object.at("test_double");
  row.price_basis = object.at("price_basis");
  row.metrics = metrics_of(object.at("metrics"));
  row.notes = object.at("notes").get<std::vector<std::string>>();
  return row;
}

json metrics_json(const std::vector<Metric>& metrics) {
  json list = json::array();
  for (const auto& metric : metrics) list.push_back(metric_json(metric));
  return list;
}

json comparisons_json(const std::vector<PairRow>& rows) {
  json list = json::array();
  for (const auto& row : rows) {
    list.push_back(
        {{"a", row.a}, {"b", row.b}, {"suite", row.suite}, {"metrics", metrics_json(row.metrics)}});
  }
  return list;
}

json parity_json(const ParityMarks& parity) {
  json marks = json::array();
  for (const auto& mark : parity.marks) {
    marks.push_back({{"system", mark.system},
                     {"verdict", mark.verdict},
                     {"why", mark.why},
                     {"metrics", metrics_json(mark.metrics)}});
  }
  return {{"reference", parity.reference}, {"margin", parity.margin}, {"marks", std::move(marks)}};
}

std::vector<PairRow> comparisons_of(const json& list) {
  std::vector<PairRow> rows;
  for (const auto& row : list) {
    rows.push_back({row.at("a"), row.at("b"), row.at("suite"), metrics_of(row.at("metrics"))});
  }
  return rows;
}

ParityMarks parity_of(const json& object) {
  ParityMarks parity;
  parity.reference = object.at("reference");
  parity.margin = object.at("margin");
  for (const auto& mark : object.at("marks")) {
    parity.marks.push_back(
        {mark.at("system"), mark.at("verdict"), mark.at("why"), metrics_of(mark.at("metrics"))});
  }
  return parity;
}

}  // namespace

json summary_to_json(const Summary& summary) {
  json rows = json::array();
  for (const auto& row : summary.rows) {
    rows.push_back({{"system", row.system},
                    {"suite", row.suite},
                    {"test_double", row.test_double},
                    {"price_basis", row.price_basis},
                    {"metrics", metrics_json(row.metrics)},
                    {"notes", row.notes}});
  }
  return {{"schema_version", kSchemaVersion},
          {"run", summary.run},
          {"rows", std::move(rows)},
          {"notes", summary.notes},
          {"no_ranking", summary.no_ranking},
          {"comparisons", comparisons_json(summary.comparisons)},
          {"parity", parity_json(summary.parity)}};
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
    // pingjia 0.1 wrote neither.
    summary.comparisons = comparisons_of(object.value("comparisons", json::array()));
    if (const auto parity = object.find("parity"); parity != object.end()) {
      summary.parity = parity_of(*parity);
    }
    return summary;
  } catch (const json::exception& problem) {
    throw Error(where, std::string("is no summary: ") + problem.what(),
                "make it again: pingjia score DIR");
  }
}

}  // namespace pingjia::harness
