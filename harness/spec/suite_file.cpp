#include "harness/spec/suite_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/error.h"
#include "harness/base/nearest.h"
#include "harness/spec/prompt_template.h"

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, 2> kModes = {"generate", "loglikelihood"};
constexpr std::array<std::string_view, 2> kNormalizations = {"none", "bytes"};
constexpr std::string_view kSampleNames[] = {"question", "choices"};
constexpr std::string_view kShotAnswerNames[] = {"question", "choices", "gold", "letter", "choice"};
constexpr std::string_view kChoiceNames[] = {"letter", "choice"};

// Names become parts of "suite/protocol", of request ids joined by "|" and of file names.
void check_name(const std::string& name, const std::string& where) {
  const bool fits = !name.empty() && name[0] != '-' && name[0] != '.' &&
                    std::all_of(name.begin(), name.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                             (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                    });
  if (!fits) throw Error(where, "'" + name + "' is no name", "use letters, digits, '-', '_', '.'");
}

void check_template(const std::string& text, std::span<const std::string_view> names, bool letters,
                    const std::string& where) {
  for (const auto& name : PromptTemplate(text).names()) {
    const bool letter = letters && name.size() == 1 && name[0] >= 'A' && name[0] <= 'Z';
    if (letter || std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw Error(where, "unknown placeholder {" + name + "}",
                suggest(name, names) + " (write {{ for a plain brace)");
  }
}

Sample parse_sample(Fields& fields) {
  Sample sample;
  sample.id = fields.optional_text("id").value_or("");
  sample.question = fields.text("question");
  sample.gold = fields.text("gold");
  sample.choices = fields.optional_texts("choices").value_or(std::vector<std::string>{});
  sample.cluster = fields.optional_text("cluster").value_or("");
  fields.done();
  return sample;
}

std::vector<Sample> parse_samples(std::vector<Fields> list) {
  std::vector<Sample> samples;
  samples.reserve(list.size());
  for (auto& fields : list) samples.push_back(parse_sample(fields));
  return samples;
}

Sampling parse_sampling(Fields& fields) {
  Sampling sampling;
  constexpr int kMostTokens = 10'000'000;
  sampling.max_tokens = static_cast<int>(
      fields.optional_integer("max_tokens", 1, kMostTokens).value_or(sampling.max_tokens));
  sampling.temperature = fields.optional_number("temperature", 0, 100).value_or(0);
  sampling.top_p = fields.optional_number("top_p", 0, 1).value_or(1);
  sampling.top_k = static_cast<int>(fields.optional_integer("top_k", 0, kMostTokens).value_or(0));
  sampling.stop = fields.optional_texts("stop").value_or(std::vector<std::string>{});
  if (std::count(sampling.stop.begin(), sampling.stop.end(), "") > 0) {
    throw Error(fields.where("stop"), "an empty stop string ends every answer at once",
                "remove it");
  }
  return sampling;
}

void check_templates(const Protocol& protocol, const Fields& fields) {
  check_template(protocol.prompt, kSampleNames, true, fields.where("prompt"));
  check_template(protocol.choice_line, kChoiceNames, false, fields.where("choice_line"));
  check_template(protocol.shot_answer, kShotAnswerNames, true, fields.where("shot_answer"));
  check_template(protocol.continuation, kChoiceNames, false, fields.where("continuation"));
  if (PromptTemplate(protocol.prompt).names().empty()) {
    throw Error(fields.where("prompt"), "asks every sample the same", "put {question} into it");
  }
  if (protocol.mode == Mode::kLoglikelihood &&
      PromptTemplate(protocol.continuation).names().empty()) {
    throw Error(fields.where("continuation"), "is the same for every choice",
                "put {letter} or {choice} into it");
  }
}

Protocol parse_protocol(Fields& fields) {
  Protocol protocol;
  protocol.name = fields.text("name");
  check_name(protocol.name, fields.where("name"));
  protocol.help = fields.optional_text("help").value_or("");
  protocol.mode =
      fields.one_of("mode", kModes) == "generate" ? Mode::kGenerate : Mode::kLoglikelihood;
  protocol.system = fields.optional_text("system").value_or("");
  protocol.prompt = fields.optional_text("prompt").value_or(protocol.prompt);
  protocol.choice_line = fields.optional_text("choice_line").value_or(protocol.choice_line);
  protocol.shots = parse_samples(fields.optional_list("shots"));
  protocol.shot_answer = fields.optional_text("shot_answer").value_or(protocol.shot_answer);
  protocol.continuation = fields.optional_text("continuation").value_or(protocol.continuation);
  protocol.per_byte = fields.optional_one_of("normalize", kNormalizations) == "bytes";
  if (protocol.per_byte && protocol.mode == Mode::kGenerate) {
    throw Error(fields.where("normalize"), "is for log-likelihoods; this protocol generates",
                "remove it");
  }
  protocol.sampling = parse_sampling(fields);
  // Log-likelihoods are compared, not read: no scorer is needed for them.
  protocol.scorer = protocol.mode == Mode::kGenerate ? fields.text("scorer")
                                                     : fields.optional_text("scorer").value_or("");
  if (fields.optional_object("scorer_options")) {
    protocol.scorer_options = fields.any("scorer_options")->dump();
  }
  check_templates(protocol, fields);
  fields.done();
  return protocol;
}

std::vector<Protocol> parse_protocols(Fields& fields) {
  std::vector<Protocol> protocols;
  std::set<std::string> names;
  for (auto& item : fields.list("protocols")) {
    protocols.push_back(parse_protocol(item));
    if (!names.insert(protocols.back().name).second) {
      throw Error(item.where("name"), "protocol '" + protocols.back().name + "' given twice",
                  "rename one of them");
    }
  }
  if (protocols.empty()) {
    throw Error(fields.where("protocols"), "is empty", "describe at least one way of asking");
  }
  return protocols;
}

}  // namespace

SuiteFile parse_suite_file(const nlohmann::json& json, const std::string& where) {
  Fields fields(json, where);
  fields.schema_version(kSuiteSchemaVersion);
  SuiteFile file;
  file.suite.name = fields.text("name");
  check_name(file.suite.name, fields.where("name"));
  file.suite.title = fields.text("title");
  file.suite.licence = fields.text("licence");
  file.suite.source = fields.text("source");
  file.suite.protocols = parse_protocols(fields);
  if (fields.has("samples") == fields.has("data")) {
    throw Error(where, "needs either \"samples\" or \"data\"", "give one of them");
  }
  file.suite.samples = parse_samples(fields.optional_list("samples"));
  if (auto data = fields.optional_object("data")) file.data = parse_external_data(*data);
  fields.done();
  return file;
}

}  // namespace pingjia::harness
