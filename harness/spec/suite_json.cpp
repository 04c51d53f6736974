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
  if (!sample.subject.empty()) object["subject"] = sample.subject;
  if (!sample.solution.empty()) object["solution"] = sample.solution;
  if (!sample.date.empty()) object["date"] = sample.date;
  return object;
}

json samples_json(const std::vector<Sample>& samples) {
  json list = json::array();
  for (const auto& sample : samples) list.push_back(sample_json(sample));
  return list;
}

json shots_json(const Protocol& protocol) {
  if (protocol.pool.count == 0) return samples_json(protocol.shots);
  return {{"count", protocol.pool.count},
          {"same_subject", protocol.pool.same_subject},
          {"order", protocol.pool.random ? "random" : "first"}};
}

// Keys a mode has no use for are left out: the reader refuses them.
json protocol_json(const Protocol& protocol) {
  const Sampling& sampling = protocol.sampling;
  json object{{"name", protocol.name},
              {"help", protocol.help},
              {"mode", protocol.mode == Mode::kGenerate ? "generate" : "loglikelihood"},
              {"system", protocol.system},
              {"prompt", protocol.prompt},
              {"choice_line", protocol.choice_line},
              {"source", protocol.source},
              {"preamble", protocol.preamble},
              {"shots", shots_json(protocol)},
              {"shot_answer", protocol.shot_answer},
              {"shots_as", protocol.shots_as_text ? "text" : "turns"},
              {"shot_separator", protocol.shot_separator},
              {"shuffle_choices", protocol.shuffle_choices},
              {"repeats", protocol.repeats},
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
              {"published", json::array()},
              {"withhold", suite.withhold},
              {"subject_names", suite.subject_names},
              {"preambles", suite.preambles},
              {"shot_samples", samples_json(suite.shot_pool)},
              {"samples", samples_json(suite.samples)}};
  for (const auto& score : suite.published) {
    object["published"].push_back({{"model", score.model},
                                   {"protocol", score.protocol},
                                   {"score", score.score},
                                   {"source", score.source}});
  }
  for (const auto& protocol : suite.protocols) {
    object["protocols"].push_back(protocol_json(protocol));
  }
  return object;
}

}  // namespace pingjia::harness
