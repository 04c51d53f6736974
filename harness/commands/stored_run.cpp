#include "harness/commands/stored_run.h"

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unordered_map>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"
#include "harness/money/wall_clock.h"
#include "harness/record/journal.h"
#include "harness/spec/model_name.h"

namespace pingjia::harness {

namespace {

using nlohmann::json;

// The whole lines of a file of JSON objects; a partial last line is passed over.
std::vector<json> read_lines(const std::filesystem::path& file) {
  std::vector<json> lines;
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return lines;
  const std::string text = read_file(file);
  std::size_t number = 0;
  for (std::size_t start = 0, end; (end = text.find('\n', start)) != std::string::npos;
       start = end + 1) {
    ++number;
    auto line = json::parse(text.substr(start, end - start), nullptr, false);
    const std::string where = file.string() + " line " + std::to_string(number);
    if (!line.is_object()) throw Error(where, "not a JSON object", "restore or remove the line");
    if (line.value("schema_version", 0) > kSchemaVersion) {
      throw Error(where, "written by a newer pingjia", "update pingjia");
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

SessionInput session_of(const json& line) {
  SessionInput session;
  session.session = line.at("session");
  session.opened = line.at("opened_ns");
  session.ready = line.at("ready_ns");
  if (!line.at("closed_ns").is_null()) session.closed = line.at("closed_ns").get<Nanos>();
  if (!line.at("cpu_seconds").is_null()) session.cpu_seconds = line.at("cpu_seconds").get<double>();
  if (const auto energy = line.find("energy"); energy != line.end()) {
    session.energy = session_energy_from_json(*energy);
  }
  return session;
}

void read_systems(StoredRun& run, const json& manifest) {
  for (const auto& system : run.spec.systems) {
    SystemInput input;
    input.name = system.name;
    const std::string where = run.directory.manifest().string();
    input.pricing = pricing_from_json(manifest.at("pricing").at(system.name), where);
    if (!system.hardware.empty()) {
      input.hardware = hardware_from_json(json::parse(system.hardware), where);
    }
    if (const auto facts = manifest.at("facts").find(system.name);
        facts != manifest.at("facts").end()) {
      input.facts = facts_from_json(*facts);
    }
    run.systems.push_back(std::move(input));
  }
  for (const auto& line : read_lines(run.directory.sessions())) {
    for (auto& system : run.systems) {
      if (system.name == line.at("system")) system.sessions.push_back(session_of(line));
    }
  }
}

// When each request was sent, by the clocks of its session. A run of pingjia 0.1 kept none: all of
// it is then as old as the run.
void find_times(StoredRun& run, const json& manifest) {
  const std::string where = run.directory.manifest().string();
  const auto clocks = wall_clocks_from_json(manifest.value("clocks", json()), where + ": clocks");
  const UnixSeconds created = parse_instant(manifest.at("created").get<std::string>(), where);
  for (auto& record : run.records) {
    const auto clock = clocks.find(record.session);
    const Nanos sent = record.completion.timeline.sent;
    const bool known = clock != clocks.end() && sent != 0;
    record.sent_at = known ? clock->second.at(sent) : created;
  }
}

// Which sample of which suite a record asked.
using SampleIndex = std::unordered_map<std::string, const Sample*>;

SampleIndex index_samples(const StoredRun& run) {
  SampleIndex index;
  for (std::size_t i = 0; i < run.suites.size(); ++i) {
    for (const auto& sample : run.suites[i].samples) {
      index.emplace(run.suite_keys[i] + "|" + sample.id, &sample);
    }
  }
  return index;
}

// Of the sample as that repeat asked it: a protocol may shuffle the choices.
std::string gold_of(const StoredRun& run, const RecordKey& key, const Sample& sample) {
  for (std::size_t i = 0; i < run.suites.size(); ++i) {
    if (run.suite_keys[i] != key.suite) continue;
    const std::string name = key.suite.substr(run.suites[i].name.size() + 1);
    const auto& protocol = find_protocol(run.suites[i], name, run.directory.path.string());
    return as_asked(protocol, sample, key.repeat).gold;
  }
  return sample.gold;
}

bool is_withheld(const StoredRun& run, const std::string& key) {
  for (std::size_t i = 0; i < run.suites.size(); ++i) {
    if (run.suite_keys[i] == key) return run.suites[i].withhold;
  }
  return false;
}

// Its publisher asks that the questions be shown nowhere; answers repeat them.
void withhold(SampleView& sample) {
  constexpr auto kWithheld = "(withheld: the publisher asks that it not be shown)";
  Record& record = sample.record;
  for (auto& message : record.request.messages) message.content = kWithheld;
  for (auto& continuation : record.request.continuations) continuation = kWithheld;
  record.completion.text = kWithheld;
  record.completion.reasoning.clear();
  if (record.completion.failure) record.completion.failure->message.clear();
  // A letter shows nothing.
  if (sample.gold.size() > 1) sample.gold = kWithheld;
  if (sample.extracted.size() > 1) sample.extracted = kWithheld;
}

// Its own name or its model's, whichever it is that was published.
std::string system_called(const StoredRun& run, const std::string& model) {
  for (const auto& system : run.systems) {
    if (same_model(system.facts.model, model) || same_model(system.name, model)) return system.name;
  }
  return "";
}

std::vector<PublishedView> published_views(const StoredRun& run) {
  std::vector<PublishedView> views;
  for (std::size_t i = 0; i < run.suites.size(); ++i) {
    for (const auto& score : run.suites[i].published) {
      if (run.suites[i].name + "/" + score.protocol != run.suite_keys[i]) continue;
      views.push_back({run.suite_keys[i], score.model, score.score, score.source,
                       system_called(run, score.model)});
    }
  }
  return views;
}

}  // namespace

StoredRun load_run(const RunDirectory& directory) {
  StoredRun run;
  run.directory = directory;
  const json manifest = read_manifest(directory);
  run.manifest = manifest.dump();
  try {
    run.spec = run_spec_from_json(manifest.at("spec"), directory.manifest().string());
    const std::vector<std::filesystem::path> folders{directory.suites()};
    for (const auto& suite : manifest.at("suites")) {
      run.suites.push_back(load_suite(suite.at("suite"), folders));
      run.suite_keys.push_back(suite.at("key"));
    }
    auto journal = read_journal(directory.records());
    run.records = std::move(journal.records);
    find_times(run, manifest);
    const json header = json::parse(journal.header.empty() ? "{}" : journal.header);
    run.environment = header.value("environment", json::object()).dump();
    read_systems(run, manifest);
    for (const auto& line : read_lines(directory.scores())) {
      if (line.contains("system")) {
        run.scores.push_back(score_from_json(line, directory.scores().string()));
      }
    }
  } catch (const json::exception& broken) {
    throw Error(directory.path.string(), std::string("is damaged: ") + broken.what(),
                "restore its files from a copy");
  }
  return run;
}

SummaryInput summary_input(const StoredRun& run) {
  SummaryInput input;
  input.run = run.directory.name();
  input.seed = run.spec.seed;
  input.systems = run.systems;
  input.suites = run.suite_keys;
  for (const auto& suite : run.suites) input.clusters[suite.name] = clusters_of(suite);
  for (const auto& suite : run.suites) input.subjects[suite.name] = subjects_of(suite);
  input.records = run.records;
  input.scores = run.scores;
  return input;
}

std::vector<SampleView> attempt_views(const StoredRun& run) {
  std::vector<SampleView> views;
  const auto costs = record_costs(summary_input(run));
  const SampleIndex samples = index_samples(run);
  std::map<RecordKey, const Score*> scores;
  for (const auto& score : run.scores) scores[score.key] = &score;
  for (std::size_t i = 0; i < run.records.size(); ++i) {
    const Record& record = run.records[i];
    SampleView& sample = views.emplace_back();
    sample.record = record;
    sample.cost_usd = costs[i];
    if (const auto found = samples.find(record.key.suite + "|" + record.key.sample);
        found != samples.end()) {
      sample.gold = gold_of(run, record.key, *found->second);
    }
    if (const auto found = scores.find(record.key); found != scores.end()) {
      sample.outcome = found->second->outcome;
      sample.extracted = found->second->extracted.value_or("");
      sample.rule = found->second->rule;
    }
  }
  return views;
}

RunView run_view(const StoredRun& run, const Summary& summary) {
  RunView view;
  view.name = run.directory.name();
  view.directory = run.directory.path.string();
  view.manifest = run.manifest;
  view.environment = run.environment;
  view.summary = summary;
  view.samples = attempt_views(run);
  std::erase_if(view.samples, [](const auto& sample) { return !sample.record.last_attempt; });
  for (auto& sample : view.samples) {
    if (is_withheld(run, sample.record.key.suite)) withhold(sample);
  }
  view.published = published_views(run);
  return view;
}

json session_line(int session, const std::string& system, const SessionInput& window,
                  const Facts& facts, const Closing& closing) {
  json line{{"schema_version", kSchemaVersion},
            {"session", session},
            {"system", system},
            {"opened_ns", window.opened},
            {"ready_ns", window.ready},
            {"facts", to_json(facts)},
            {"closing", json::parse(closing.details, nullptr, false)}};
  line["closed_ns"] = window.closed ? json(*window.closed) : json(nullptr);
  line["energy"] = to_json(window.energy);
  line["cpu_seconds"] = closing.cpu_seconds ? json(*closing.cpu_seconds) : json(nullptr);
  return line;
}

json to_json(const Facts& facts) {
  return {{"engine", facts.engine},
          {"engine_version", facts.engine_version},
          {"model", facts.model},
          {"model_sha256", facts.model_sha256},
          {"device", facts.device},
          {"generates", facts.generates},
          {"scores_continuations", facts.scores_continuations},
          {"test_double", facts.test_double},
          {"details", json::parse(facts.details, nullptr, false)}};
}

Facts facts_from_json(const json& object) {
  Facts facts;
  facts.engine = object.at("engine");
  facts.engine_version = object.at("engine_version");
  facts.model = object.at("model");
  facts.model_sha256 = object.at("model_sha256");
  facts.device = object.at("device");
  facts.generates = object.at("generates");
  facts.scores_continuations = object.at("scores_continuations");
  facts.test_double = object.at("test_double");
  facts.details = object.at("details").dump();
  return facts;
}

}  // namespace pingjia::harness
