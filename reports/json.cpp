#include "reports/json.h"

#include <nlohmann/json.hpp>

#include "harness/base/utf8.h"
#include "harness/summary/summary.h"

namespace pingjia::reports {

using harness::RunView;
using harness::SampleView;
using harness::valid_utf8;
using nlohmann::json;

namespace {

json number(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

json sample_json(const SampleView& sample) {
  json object = harness::to_json(sample.record);
  object["score"] = {{"gold", valid_utf8(sample.gold)},
                     {"outcome", sample.outcome},
                     {"extracted", valid_utf8(sample.extracted)},
                     {"rule", valid_utf8(sample.rule)},
                     {"cost_usd", number(sample.cost_usd)}};
  return object;
}

// What should be an object but does not parse is kept as the text it is.
json parsed(const std::string& text) {
  json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
  return value.is_discarded() ? json(valid_utf8(text)) : value;
}

json run_json(const RunView& run) {
  json samples = json::array();
  for (const auto& sample : run.samples) samples.push_back(sample_json(sample));
  json object{{"name", valid_utf8(run.name)}, {"directory", valid_utf8(run.directory)}};
  if (run.kernels) object["kernels"] = harness::kernel_table_to_json(*run.kernels);
  if (run.kernels_only) return object;
  object["manifest"] = parsed(run.manifest);
  object["environment"] = parsed(run.environment);
  object["summary"] = harness::summary_to_json(run.summary);
  object["samples"] = std::move(samples);
  return object;
}

}  // namespace

std::string write_json(const std::vector<RunView>& runs) {
  json list = json::array();
  for (const auto& run : runs) list.push_back(run_json(run));
  const json whole{{"schema_version", harness::kSchemaVersion}, {"runs", std::move(list)}};
  return whole.dump(2) + "\n";
}

}  // namespace pingjia::reports
