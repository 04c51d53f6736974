#include "adapters/replay.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>
#include <utility>

#include "adapters/timed_flights.h"
#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/file.h"
#include "harness/base/nearest.h"
#include "harness/base/version.h"
#include "harness/record/journal.h"

namespace pingjia::adapters {

using harness::Completion;
using harness::Error;
using harness::FailureClass;
using harness::Nanos;
using nlohmann::json;

namespace {

struct ReplayOptions {
  std::filesystem::path records;  // The file.
  std::string system;             // Empty: not said.
  std::string replayed_by;        // The new system's name.
  std::string where;
  bool at_once = false;
};

// Stamps moved to where the request was sent now.
void move_to(harness::Timeline& timeline, Nanos sent) {
  const Nanos by = sent - timeline.sent;
  timeline.sent = sent;
  timeline.done += by;
  for (auto* stamp : {&timeline.first_byte, &timeline.first_event, &timeline.first_token,
                      &timeline.first_visible, &timeline.last_token}) {
    if (*stamp) **stamp += by;
  }
  for (auto& arrival : timeline.arrivals) arrival.at += by;
}

// Everything at one instant; what never came still has not come.
void compress(harness::Timeline& timeline) {
  timeline.done = timeline.sent;
  for (auto* stamp : {&timeline.first_byte, &timeline.first_event, &timeline.first_token,
                      &timeline.first_visible, &timeline.last_token}) {
    if (*stamp) **stamp = timeline.sent;
  }
  std::int32_t events = 0;
  for (const auto& arrival : timeline.arrivals) events += arrival.events;
  timeline.arrivals.clear();
  if (events > 0) timeline.arrivals.push_back({timeline.sent, events});
}

// A request's id without its attempt: a resumed run asked under a later number, and a replay that
// is resumed asks under another.
std::string question_of(std::string_view request_id) {
  return std::string(request_id.substr(0, request_id.rfind('|')));
}

class Replay final : public harness::Adapter {
 public:
  Replay(harness::Loop& loop, ReplayOptions options)
      : options_(std::move(options)), flights_(loop) {}

  harness::Facts open(int) override;
  void submit(const harness::Request& request, harness::Sink& sink) override;
  void cancel(const std::string& request_id) override { flights_.cancel(request_id); }
  harness::Closing close() override;

 private:
  std::string origin_system(const std::set<std::string>& systems) const;
  json origin_facts() const;
  Completion recorded(const std::string& request_id, Nanos sent) const;

  ReplayOptions options_;
  std::unordered_map<std::string, Completion> recorded_;  // By the old question's id.
  TimedFlights flights_;
};

std::string Replay::origin_system(const std::set<std::string>& systems) const {
  const std::string wanted = options_.system.empty() ? options_.replayed_by : options_.system;
  if (systems.contains(wanted)) return wanted;
  if (options_.system.empty() && systems.size() == 1) return *systems.begin();
  const std::vector<std::string_view> names(systems.begin(), systems.end());
  throw Error(options_.where,
              options_.records.string() + " has no answers of system '" + wanted + "'",
              names.empty() ? "it has no answers at all" : harness::suggest(wanted, names));
}

// The last session's facts of that system; an empty object where nothing is known.
json Replay::origin_facts() const {
  const auto file = options_.records.parent_path() / "sessions.jsonl";
  json facts = json::object();
  if (!std::filesystem::exists(file)) return facts;
  const std::string text = harness::read_file(file);
  for (std::size_t start = 0, end = 0; (end = text.find('\n', start)) != std::string::npos;
       start = end + 1) {
    const json line = json::parse(text.substr(start, end - start), nullptr, false);
    if (!line.is_object() || line.value("system", json()) != json(options_.system)) continue;
    const auto found = line.find("facts");
    if (found != line.end() && found->is_object()) facts = *found;
  }
  return facts;
}

harness::Facts Replay::open(int) {
  auto contents = harness::read_journal(options_.records);
  std::set<std::string> systems;
  for (const auto& record : contents.records) systems.insert(record.key.system);
  options_.system = origin_system(systems);
  recorded_.clear();
  std::unordered_map<std::string, int> attempts;
  harness::Facts facts;
  facts.generates = false;
  for (auto& record : contents.records) {
    if (record.key.system != options_.system) continue;
    const auto& failure = record.completion.failure;
    if (failure && failure->kind == FailureClass::kCancelled) continue;
    const bool generated = record.request.mode == harness::Mode::kGenerate;
    (generated ? facts.generates : facts.scores_continuations) = true;
    const std::string question = question_of(harness::request_id(record.key));
    const auto known = attempts.try_emplace(question, record.key.attempt).first;
    if (record.key.attempt < known->second) continue;
    known->second = record.key.attempt;
    recorded_[question] = std::move(record.completion);
  }
  const json origin = origin_facts();
  const auto text = [&](const char* key) {
    const auto found = origin.find(key);
    return found != origin.end() && found->is_string() ? found->get<std::string>() : "";
  };
  facts.engine = "replay";
  // Ours: the old engine and its version stand in the details.
  facts.engine_version = harness::kVersion;
  facts.model = text("model");
  facts.model_sha256 = text("model_sha256");
  facts.device = text("device");
  const auto marked = origin.find("test_double");
  const bool vouched = marked != origin.end() && *marked == json(false);
  facts.test_double = options_.at_once || !vouched;
  facts.details = json{
      {"records", options_.records.string()},
      {"system", options_.system},
      {"timing", options_.at_once ? "at_once" : "recorded"},
      {"answers", recorded_.size()},
      {"origin",
       origin}}.dump(-1, ' ', false, json::error_handler_t::replace);
  return facts;
}

Completion Replay::recorded(const std::string& request_id, Nanos sent) const {
  Completion completion;
  const std::string mine = options_.replayed_by + "|";
  const auto found =
      request_id.starts_with(mine)
          ? recorded_.find(options_.system + "|" + question_of(request_id.substr(mine.size())))
          : recorded_.end();
  if (found == recorded_.end()) {
    completion.failure = harness::Failure{FailureClass::kNotFound, 0,
                                          "the recorded run has no answer to this", std::nullopt};
    completion.timeline.sent = completion.timeline.done = sent;
    return completion;
  }
  completion = found->second;
  move_to(completion.timeline, sent);
  if (options_.at_once) compress(completion.timeline);
  return completion;
}

void Replay::submit(const harness::Request& request, harness::Sink& sink) {
  const std::string id = request.id;
  // Until it is due nothing of it has come.
  const Nanos sent = flights_.begin(id, sink).timeline.sent;
  Completion whole = recorded(id, sent);
  const Nanos due = whole.timeline.done;
  flights_.call_at(id, due, [this, id, whole = std::move(whole)] {
    flights_.completion(id) = whole;
    flights_.answer(id);
  });
  flights_.limit(id, request.timeout);
}

harness::Closing Replay::close() {
  flights_.forget_all();
  return {};
}

}  // namespace

std::unique_ptr<harness::Adapter> make_replay(const json& options,
                                              const harness::AdapterContext& context) {
  harness::Fields fields(options, context.where);
  ReplayOptions replay;
  replay.records = context.base / fields.text("records");
  if (std::filesystem::is_directory(replay.records)) replay.records /= "records.jsonl";
  if (!std::filesystem::is_regular_file(replay.records)) {
    throw Error(fields.where("records"), "no file " + replay.records.string(),
                "name a run's folder or its records.jsonl");
  }
  replay.system = fields.optional_text("system").value_or("");
  constexpr std::array<std::string_view, 2> kTimings = {"recorded", "at_once"};
  replay.at_once = fields.optional_one_of("timing", kTimings) == "at_once";
  fields.done();
  replay.replayed_by = context.system;
  replay.where = context.where;
  return std::make_unique<Replay>(context.loop, replay);
}

}  // namespace pingjia::adapters
