#include "harness/spec/suite_json.h"

#include <nlohmann/json.hpp>

#include "harness/spec/suite_file.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

json sample_json(const Sample& sample) {
  json object{{"id", sample.id}, {"question", sample.question}, {"gold", sample.gold}};
  if (!sample.choices.empty()) object["choices"] = sample.choices;
  if (!sample.cluster.empty()) object["cluster"] = sample.cluster;
  return object;
}

json samples_json(const std::vector<Sample>& samples) {
  json list = json::array();
  for (const auto& sample : samples) list.push_back(sample_json(sample));
  return list;
}

// Keys that say nothing in a protocol's mode are left out.
json protocol_json(const Protocol& protocol) {
  const Sampling& sampling = protocol.sampling;
  json object{{"name", protocol.name},
              {"help", protocol.help},
              {"mode", protocol.mode == Mode::kGenerate ? "generate" : "loglikelihood"},
              {"system", protocol.system},
              {"prompt", protocol.prompt},
              {"choice_line", protocol.choice_line},
              {"shots", samples_json(protocol.shots)},
              {"shot_answer", protocol.shot_answer},
              {"scorer_options", json::parse(protocol.scorer_options)}};
  if (!protocol.scorer.empty()) object["scorer"] = protocol.scorer;
  if (protocol.mode == Mode::kLoglikelihood) {
    object["continuation"] = protocol.continuation;
    if (protocol.per_byte) object["normalize"] = "bytes";
    return object;
  }
  object["max_tokens"] = sampling.max_tokens;
  object["temperature"] = sampling.temperature;
  object["top_p"] = sampling.top_p;
  object["top_k"] = sampling.top_k;
  object["stop"] = sampling.stop;
  return object;
}

}  // namespace

json to_json(const Suite& suite) {
  json object{{"schema_version", kSuiteSchemaVersion},
              {"name", suite.name},
              {"title", suite.title},
              {"licence", suite.licence},
              {"source", suite.source},
              {"protocols", json::array()},
              {"samples", samples_json(suite.samples)}};
  for (const auto& protocol : suite.protocols) {
    object["protocols"].push_back(protocol_json(protocol));
  }
  return object;
}

}  // namespace pingjia::harness
