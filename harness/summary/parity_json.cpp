#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/record/record.h"
#include "harness/summary/parity.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

json number_or_null(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? json(*value) : json(nullptr);
}

void put_interval(json& object, const std::string& prefix,
                  const std::optional<Interval>& interval) {
  object[prefix + "low"] = interval ? number_or_null(interval->low) : json(nullptr);
  object[prefix + "high"] = interval ? number_or_null(interval->high) : json(nullptr);
}

json to_json(const CostRatio& ratio) {
  json object{{"value", number_or_null(ratio.value)}};
  put_interval(object, "", ratio.interval);
  if (!ratio.value) object["why"] = ratio.why;
  return object;
}

json to_json(const SuiteDifference& difference) {
  json object{{"suite", difference.suite},
              {"paired", difference.paired},
              {"difference", difference.difference}};
  put_interval(object, "", difference.interval);
  return object;
}

json row_json(const Parity& parity, const ParityRow& row) {
  json object{{"model", row.model},
              {"verdict", verdict_name(row.verdict)},
              {"sentence", parity_sentence(parity, row)},
              {"paired", row.paired},
              {"unpaired", row.unpaired},
              {"other_prompt", row.other_prompt}};
  if (row.verdict == ParityVerdict::kRefused) {
    object["why"] = row.why;
    return object;
  }
  object["only_model"] = row.only_model;
  object["only_reference"] = row.only_reference;
  object["accuracy_model"] = row.accuracy_model;
  object["accuracy_reference"] = row.accuracy_reference;
  object["difference"] = row.difference;
  put_interval(object, "", row.interval);
  object["p_not_worse"] = row.p_not_worse;
  object["p_worse"] = row.p_worse;
  object["p_equivalent"] = row.p_equivalent;
  object["minimum_detectable"] = row.minimum_detectable;
  object["deciding_questions"] = row.deciding ? json(*row.deciding) : json(nullptr);
  object["price_per_token_ratio"] = to_json(row.per_token);
  object["cost_per_correct_ratio"] = to_json(row.per_correct);
  object["pricing"] = row.pricing;
  object["method"] = row.method;
  json suites = json::array();
  for (const auto& difference : row.suites) suites.push_back(to_json(difference));
  object["suites"] = std::move(suites);
  return object;
}

}  // namespace

json to_json(const Parity& parity) {
  json rows = json::array();
  for (const auto& row : parity.rows) rows.push_back(row_json(parity, row));
  return {{"schema_version", kSchemaVersion},
          {"reference", parity.reference},
          {"margin", parity.margin},
          {"confidence", parity.confidence},
          {"suites", parity.suites},
          {"rows", std::move(rows)},
          {"notes", parity.notes}};
}

}  // namespace pingjia::harness
