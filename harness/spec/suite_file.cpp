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
constexpr std::array<std::string_view, 2> kShotLayouts = {"turns", "text"};
constexpr std::array<std::string_view, 2> kShotOrders = {"first", "random"};
constexpr std::string_view kSampleNames[] = {"question", "choices", "subject"};
constexpr std::string_view kPreambleNames[] = {"subject", "preamble"};
constexpr std::string_view kShotAnswerNames[] = {"question", "choices",  "gold",   "letter",
                                                 "choice",   "solution", "subject"};
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
  sample.subject = fields.optional_text("subject").value_or("");
  sample.solution = fields.optional_text("solution").value_or("");
  sample.date = fields.optional_text("date").value_or("");
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
  check_template(protocol.preamble, kPreambleNames, false, fields.where("preamble"));
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

// "shots": a list of samples, or how many come from the pool and which.
void parse_shots(Fields& fields, Protocol& protocol) {
  const auto* const shots = fields.any("shots");
  if (shots != nullptr && shots->is_object()) {
    auto rule = fields.object("shots");
    constexpr std::int64_t kMostShots = 1'000;
    protocol.pool.count = static_cast<std::size_t>(rule.integer("count", 1, kMostShots));
    protocol.pool.same_subject = rule.optional_flag("same_subject").value_or(false);
    protocol.pool.random = rule.optional_one_of("order", kShotOrders) == "random";
    rule.done();
  } else {
    protocol.shots = parse_samples(fields.optional_list("shots"));
  }
  protocol.shot_answer = fields.optional_text("shot_answer").value_or(protocol.shot_answer);
  protocol.shots_as_text = fields.optional_one_of("shots_as", kShotLayouts) == "text";
  protocol.shot_separator =
      fields.optional_text("shot_separator").value_or(protocol.shot_separator);
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
  protocol.source = fields.optional_text("source").value_or("");
  protocol.preamble = fields.optional_text("preamble").value_or("");
  parse_shots(fields, protocol);
  protocol.shuffle_choices = fields.optional_flag("shuffle_choices").value_or(false);
  protocol.repeats = static_cast<int>(fields.optional_integer("repeats", 1, 100'000).value_or(1));
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

std::map<std::string, std::string> parse_names(Fields& fields, const std::string& key) {
  std::map<std::string, std::string> names;
  const auto* const object = fields.any(key);
  if (object == nullptr) return names;
  auto texts = fields.object(key);
  for (const auto& [subject, name] : object->items()) names[subject] = texts.text(subject);
  return names;
}

std::vector<PublishedScore> parse_published(Fields& fields) {
  std::vector<PublishedScore> scores;
  for (auto& item : fields.optional_list("published")) {
    PublishedScore score;
    score.model = item.text("model");
    score.protocol = item.text("protocol");
    score.score = item.number("score", 0, 100);
    score.source = item.text("source");
    item.done();
    scores.push_back(std::move(score));
  }
  return scores;
}

void parse_data(Fields& fields, SuiteFile& file, const std::string& where) {
  if (fields.has("samples") == fields.has("data")) {
    throw Error(where, "needs either \"samples\" or \"data\"", "give one of them");
  }
  file.suite.samples = parse_samples(fields.optional_list("samples"));
  if (auto data = fields.optional_object("data")) file.data = parse_external_data(*data);
  file.suite.shot_pool = parse_samples(fields.optional_list("shot_samples"));
  if (auto data = fields.optional_object("shot_data")) file.shot_data = parse_external_data(*data);
  if (const auto* const texts = fields.any("preambles"); texts && texts->contains("file")) {
    file.preambles = parse_external_data(fields.object("preambles"));
  } else {
    file.suite.preambles = parse_names(fields, "preambles");
  }
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
  file.suite.published = parse_published(fields);
  file.suite.withhold = fields.optional_flag("withhold").value_or(false);
  file.suite.subject_names = parse_names(fields, "subject_names");
  parse_data(fields, file, where);
  fields.done();
  return file;
}

}  // namespace pingjia::harness
