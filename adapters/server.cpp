#include "adapters/server.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "adapters/free_port.h"
#include "adapters/http/fetch.h"
#include "harness/base/error.h"
#include "harness/base/sha256.h"

namespace pingjia::adapters {

namespace {

using harness::Completion;
using harness::Error;
using harness::FailureClass;
using harness::Nanos;
using nlohmann::json;

constexpr Nanos kFirstPoll = 50 * harness::kMillisecond;
constexpr Nanos kLongestPoll = harness::kSecond;
constexpr Nanos kProbeTime = 5 * harness::kSecond;
constexpr Nanos kStopGrace = 10 * harness::kSecond;
// Connections break before the kernel says that a process is gone: its files are closed first.
constexpr Nanos kDeathNotice = 250 * harness::kMillisecond;
// A port chosen for the engine may be taken before it listens.
constexpr int kLaunches = 3;

bool may_mean_death(const Completion& completion) {
  if (!completion.failure) return false;
  const auto kind = completion.failure->kind;
  return kind == FailureClass::kConnect || kind == FailureClass::kTruncatedStream ||
         kind == FailureClass::kTimeoutConnect || kind == FailureClass::kCancelled;
}

bool says_port_taken(const std::string& line) {
  return line.find("bind") != std::string::npos ||
         line.find("address already in use") != std::string::npos ||
         line.find("Address already in use") != std::string::npos;
}

// The parts of llama-server's /props that say what was measured; its chat template is long.
void take_llama_props(const json& props, harness::Facts& facts, json& details) {
  facts.engine_version = props.value("build_info", "");
  for (const char* key : {"model_path", "total_slots", "model_alias"}) {
    if (props.contains(key)) details[key] = props[key];
  }
  if (const auto found = props.find("default_generation_settings");
      found != props.end() && found->is_object() && found->contains("n_ctx")) {
    details["context_of_slot"] = found->at("n_ctx");
  }
}

}  // namespace

ServerAdapter::ServerAdapter(ServerOptions options, const harness::AdapterContext& context)
    : options_(std::move(options)), context_(context) {}

ServerAdapter::~ServerAdapter() {
  forget_all();
}

void ServerAdapter::forget_all() {
  for (const auto& [id, pending] : pending_) {
    if (pending.timer) context_.loop.cancel(*pending.timer);
  }
  pending_.clear();
}

void ServerAdapter::launch(int port, const RecipeValues& values) {
  const Recipe& recipe = *options_.recipe;
  ChildCommand command;
  command.where = context_.where;
  command.arguments = {options_.program};
  for (auto& word : recipe_arguments(recipe, values)) command.arguments.push_back(std::move(word));
  command.arguments.insert(command.arguments.end(), options_.arguments.begin(),
                           options_.arguments.end());
  command.environment = options_.environment;
  for (auto& entry : recipe_environment(recipe, values)) {
    command.environment.push_back(std::move(entry));
  }
  command.log = context_.logs / (context_.system + ".log");
  command.talks = false;
  base_ = "http://127.0.0.1:" + std::to_string(port);
  child_ = std::make_unique<ChildProcess>(context_.loop, command, nullptr,
                                          [this](const ChildExit&) { engine_died(); });
}

harness::Facts ServerAdapter::open(int connections) {
  RecipeValues values = options_.values;
  const int parallel = options_.parallel.value_or(std::max(connections, 1));
  values["model"] = options_.model;
  values["parallel"] = std::to_string(parallel);
  if (options_.context) {
    values["context"] = std::to_string(*options_.context);
    values["context_total"] = std::to_string(std::int64_t{*options_.context} * parallel);
  }
  HttpSettings settings;
  client_ = std::make_unique<HttpClient>(context_.loop, settings);
  for (int launches = 1;; ++launches) {
    const int port = free_port(options_.port, context_.where);
    values["port"] = std::to_string(port);
    launch(port, values);
    if (wait_ready(base_)) break;
    const std::string line = child_->last_log_line();
    if (options_.port == 0 && launches < kLaunches && says_port_taken(line)) continue;
    throw Error(context_.where,
                options_.recipe->name + " " + child_->exit()->text() + " while starting: " + line,
                "see " + (context_.logs / (context_.system + ".log")).string());
  }
  json request = json::parse(options_.request);
  request["base_url"] = base_ + options_.recipe->api;
  harness::AdapterContext inner = context_;
  inner_ = std::make_unique<OpenAiAdapter>(read_openai_options(request, inner), inner);
  harness::Facts facts = inner_->open(connections);
  facts.engine = options_.recipe->name;
  facts.model = options_.model;
  if (options_.recipe->model_is_file) facts.model_sha256 = harness::sha256_file(options_.model);
  facts.device = "local";
  read_facts(base_, facts);
  return facts;
}

// False when the engine ended instead of getting ready.
bool ServerAdapter::wait_ready(const std::string& base) {
  const Nanos deadline = context_.loop.now() + options_.ready_timeout;
  for (Nanos wait = kFirstPoll;; wait = std::min(2 * wait, kLongestPoll)) {
    if (child_->wait_until(context_.loop.now() + wait)) return false;
    const Fetched ready = fetch(context_.loop, *client_, base + options_.recipe->ready, kProbeTime);
    if (ready.reply.status == 200) return child_->running();
    if (child_->running() && context_.loop.now() >= deadline) {
      const std::string line = child_->last_log_line();
      child_->stop_and_wait(kStopGrace);
      throw Error(context_.where,
                  options_.recipe->name + " was not ready in time; its log ends: " + line,
                  "raise \"ready_timeout_s\", or choose a smaller model");
    }
  }
}

void ServerAdapter::read_facts(const std::string& base, harness::Facts& facts) {
  json details = json::parse(facts.details);
  details["recipe"] = options_.recipe->name;
  details["program"] = options_.program;
  const auto& path = options_.recipe->facts;
  const Fetched fetched =
      path.empty() ? Fetched{} : fetch(context_.loop, *client_, base + path, kProbeTime);
  const json told = json::parse(fetched.body, nullptr, false);
  if (told.is_object() && fetched.reply.status == 200) {
    if (told.contains("build_info")) {
      take_llama_props(told, facts, details);
    } else if (told.contains("version") && told["version"].is_string()) {
      facts.engine_version = told["version"].get<std::string>();
    }
  }
  facts.details = details.dump();
}

void ServerAdapter::submit(const harness::Request& request, harness::Sink& sink) {
  Pending& pending = pending_[request.id];
  pending.sink = &sink;
  if (child_->running()) return inner_->submit(request, *this);
  Completion completion;
  completion.timeline.sent = context_.loop.now();
  completion.timeline.done = completion.timeline.sent;
  completion.usage.maker = "none";
  completion.failure = harness::Failure{FailureClass::kConnect, 0, "", std::nullopt};
  pending.held = std::move(completion);
  pending.timer =
      context_.loop.call_at(pending.held->timeline.sent, [this, id = request.id] { deliver(id); });
}

void ServerAdapter::cancel(const std::string& request_id) {
  inner_->cancel(request_id);
}

void ServerAdapter::complete(const std::string& request_id, Completion completion) {
  const auto found = pending_.find(request_id);
  if (found == pending_.end()) return;
  const bool wait = may_mean_death(completion) && child_->running() &&
                    completion.failure->kind != FailureClass::kCancelled;
  found->second.held = std::move(completion);
  if (!wait) return deliver(request_id);
  found->second.timer = context_.loop.call_at(context_.loop.now() + kDeathNotice,
                                              [this, request_id] { deliver(request_id); });
}

void ServerAdapter::deliver(const std::string& request_id) {
  auto node = pending_.extract(request_id);
  if (node.empty()) return;
  Pending& pending = node.mapped();
  if (pending.timer) context_.loop.cancel(*pending.timer);
  Completion completion = std::move(*pending.held);
  if (may_mean_death(completion) && child_->exit()) {
    completion.failure->kind = FailureClass::kEngineDied;
    completion.failure->message = options_.recipe->name + " " + child_->exit()->text() +
                                  "; its log ends: " + child_->last_log_line();
  }
  pending.sink->complete(request_id, std::move(completion));
}

// Ends every request in flight; those whose connection broke first wait in `held`.
void ServerAdapter::engine_died() {
  std::vector<std::string> ids;
  for (const auto& entry : pending_) ids.push_back(entry.first);
  for (const auto& id : ids) {
    const auto found = pending_.find(id);
    if (found == pending_.end()) continue;
    if (found->second.held) {
      deliver(id);
    } else {
      inner_->cancel(id);
    }
  }
}

// The engine's own counters: lines "name value" of Prometheus' text form, those without labels.
std::string ServerAdapter::metrics_json() {
  json metrics = json::object();
  const std::string& path = options_.recipe->metrics;
  if (path.empty() || !child_->running()) return metrics.dump();
  const Fetched fetched = fetch(context_.loop, *client_, base_ + path, kProbeTime);
  if (fetched.reply.status != 200) return metrics.dump();
  std::string_view rest = fetched.body;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto space = line.find(' ');
    if (line.starts_with('#') || space == std::string_view::npos) continue;
    const auto value = line.substr(space + 1);
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc{} || line.find('{') < space) continue;
    metrics[std::string(line.substr(0, space))] = number;
  }
  return metrics.dump();
}

harness::Closing ServerAdapter::close() {
  harness::Closing closing;
  // First of all, for everything below turns the loop: the sinks may be gone.
  forget_all();
  if (inner_) inner_->close();
  if (!child_) return closing;
  closing.details = R"({"metrics":)" + metrics_json() + "}";
  const ChildExit exit = child_->running() ? child_->stop_and_wait(kStopGrace) : *child_->exit();
  closing.cpu_seconds = exit.cpu_seconds;
  client_.reset();
  return closing;
}

std::unique_ptr<harness::Adapter> make_server(const json& options,
                                              const harness::AdapterContext& context) {
  return std::make_unique<ServerAdapter>(read_server_options(options, context), context);
}

}  // namespace pingjia::adapters
