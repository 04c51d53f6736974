#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/summary/comparison.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

json number_or_null(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? json(*value) : json(nullptr);
}

json low_of(const std::optional<Interval>& interval) {
  return interval ? number_or_null(interval->low) : json(nullptr);
}

json high_of(const std::optional<Interval>& interval) {
  return interval ? number_or_null(interval->high) : json(nullptr);
}

json row_json(const ComparisonRow& row) {
  json flips = json::array();
  for (const auto& flip : row.flips) {
    flips.push_back({{"suite", flip.suite},
                     {"sample", flip.sample},
                     {"repeat", flip.repeat},
                     {"a", flip.outcome_a},
                     {"b", flip.outcome_b},
                     {"prompt_changed", flip.prompt_changed},
                     {"text_changed", flip.text_changed},
                     {"grader_changed", flip.grader_changed},
                     {"why", flip.why()}});
  }
  return {{"suite", row.suite},
          {"paired", row.paired},
          {"only_a", row.only_a},
          {"only_b", row.only_b},
          {"unpaired", row.unpaired},
          {"other_prompt", row.other_prompt},
          {"accuracy_a", number_or_null(row.accuracy_a)},
          {"accuracy_b", number_or_null(row.accuracy_b)},
          {"difference", number_or_null(row.difference)},
          {"low", low_of(row.interval)},
          {"high", high_of(row.interval)},
          {"p_value", number_or_null(row.p_value)},
          {"minimum_detectable", number_or_null(row.minimum_detectable)},
          {"cost_ratio", number_or_null(row.cost_ratio)},
          {"cost_ratio_low", low_of(row.cost_ratio_interval)},
          {"cost_ratio_high", high_of(row.cost_ratio_interval)},
          {"method", row.method},
          {"flips", std::move(flips)}};
}

}  // namespace

json to_json(const Comparison& comparison) {
  json rows = json::array();
  for (const auto& row : comparison.rows) rows.push_back(row_json(row));
  return {{"schema_version", kSchemaVersion},
          {"a", comparison.label_a},
          {"b", comparison.label_b},
          {"rows", std::move(rows)},
          {"notes", comparison.notes}};
}

}  // namespace pingjia::harness
