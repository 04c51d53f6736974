#include "adapters/process.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "adapters/command_words.h"
#include "adapters/process_flight.h"
#include "harness/base/error.h"
#include "harness/base/fields.h"

namespace pingjia::adapters {

using harness::Error;
using harness::FailureClass;
using harness::Nanos;
using nlohmann::json;

namespace {

// How long a child may take to answer a cancel before we answer for it.
constexpr Nanos kCancelGrace = 2 * harness::kSecond;
constexpr double kLongestTimeout = 86400;

class ProcessAdapter final : public harness::Adapter, public SessionListener {
 public:
  ProcessAdapter(harness::Loop& loop, ProcessSpec spec, std::string model_sha256)
      : loop_(loop), spec_(std::move(spec)), model_sha256_(std::move(model_sha256)) {}
  ~ProcessAdapter() override;

  harness::Facts open(int connections) override;
  void submit(const harness::Request& request, harness::Sink& sink) override;
  void cancel(const std::string& request_id) override;
  harness::Closing close() override;

 private:
  using Flights = std::unordered_map<std::string, ProcessFlight>;

  void session_ready() override;
  void session_line(const ChildLine& line, Nanos at) override;
  void session_ended(const SessionEnd& end) override;

  harness::Facts facts() const;
  bool can(harness::Mode mode) const;
  void restart();
  void fail_everything(FailureClass kind, const std::string& reason);
  void send(ProcessFlight& flight, Nanos now);
  void fail_later(const std::string& id, FailureClass kind, const std::string& message);
  void time_out(const std::string& id);
  ProcessFlight* find(const std::string& id);
  void fail(const std::string& id, FailureClass kind, const std::string& message, Nanos at);
  void answer(const std::string& id);
  void forget_timers(ProcessFlight& flight);

  harness::Loop& loop_;
  ProcessSpec spec_;
  std::string model_sha256_;
  std::unique_ptr<ProcessSession> session_;
  HelloLine hello_;  // Of the first session; what the facts say.
  Flights flights_;
  std::optional<harness::TimerId> restart_timer_;
  std::optional<SessionEnd> dead_;  // For good.
  int restarts_ = 0;
  std::int64_t strays_ = 0;   // Answers nobody waited for.
  std::int64_t garbage_ = 0;  // Of earlier sessions.
  double cpu_seconds_ = 0;
  bool opened_ = false;
  bool closing_ = false;
};

ProcessAdapter::~ProcessAdapter() {
  if (restart_timer_) loop_.cancel(*restart_timer_);
  for (auto& entry : flights_) forget_timers(entry.second);
}

harness::Facts ProcessAdapter::open(int connections) {
  spec_.parallel = connections;
  session_ = std::make_unique<ProcessSession>(loop_, spec_, *this);
  while (!session_->is_ready() && !session_->has_ended()) {
    loop_.turn(std::numeric_limits<Nanos>::max());
  }
  if (const auto& end = session_->end()) {
    throw Error(spec_.command.where, "'" + spec_.command.arguments.front() + "' " + end->reason,
                spec_.command.log.empty() ? "try the command by hand"
                                          : "see " + spec_.command.log.string());
  }
  hello_ = session_->hello();
  opened_ = true;
  return facts();
}

harness::Facts ProcessAdapter::facts() const {
  const ReadyLine& ready = session_->ready();
  harness::Facts facts;
  facts.engine = hello_.name;
  facts.engine_version = hello_.version;
  facts.model = ready.model;
  facts.model_sha256 = model_sha256_.empty() ? ready.model_sha256 : model_sha256_;
  facts.device = ready.device;
  facts.generates = hello_.can("generate");
  facts.scores_continuations = hello_.can("loglikelihood");
  facts.test_double = hello_.test_double;
  json details{{"command", spec_.command.arguments},
               {"capabilities", hello_.capabilities},
               {"engine", json::parse(ready.details)}};
  facts.details = details.dump(-1, ' ', false, json::error_handler_t::replace);
  return facts;
}

bool ProcessAdapter::can(harness::Mode mode) const {
  return hello_.can(mode == harness::Mode::kGenerate ? "generate" : "loglikelihood");
}

void ProcessAdapter::submit(const harness::Request& request, harness::Sink& sink) {
  ProcessFlight& flight = flights_[request.id];
  flight.sink = &sink;
  for (const auto& text : request.continuations) {
    flight.continuations.push_back(static_cast<int>(text.size()));
  }
  flight.completion.model = session_ ? session_->ready().model : "";
  flight.completion.timeline.sent = loop_.now();
  if (dead_) {
    fail_later(request.id, dead_->kind, dead_->reason);
  } else if (!can(request.mode)) {
    fail_later(request.id, FailureClass::kUnsupported,
               request.mode == harness::Mode::kGenerate ? "the program does not generate"
                                                        : "the program scores no continuations");
  } else {
    flight.line = request_line(request);
    // One reading for the stamp and the timeout: a timeout never looks shorter than it was.
    const Nanos now = loop_.now();
    if (request.timeout > 0) {
      flight.timeout =
          loop_.call_at(now + request.timeout, [this, id = request.id] { time_out(id); });
    }
    if (session_->is_ready()) send(flight, now);
  }
}

// The clock is read before the bytes leave: what the child does with them comes after.
void ProcessAdapter::send(ProcessFlight& flight, Nanos now) {
  flight.completion.timeline.sent = now;
  session_->send(std::exchange(flight.line, {}));
}

void ProcessAdapter::fail_later(const std::string& id, FailureClass kind,
                                const std::string& message) {
  flights_.at(id).timeout = loop_.call_at(
      loop_.now(), [this, id, kind, message] { fail(id, kind, message, loop_.now()); });
}

void ProcessAdapter::cancel(const std::string& id) {
  ProcessFlight* flight = find(id);
  if (flight == nullptr || flight->cancelled) return;
  flight->cancelled = true;
  const bool told =
      flight->line.empty() && session_ && session_->is_ready() && hello_.can("cancel");
  if (told) session_->send(cancel_line(id));
  flight->cancel_timer = loop_.call_at(loop_.now() + (told ? kCancelGrace : 0), [this, id] {
    fail(id, FailureClass::kCancelled, "cancelled", loop_.now());
  });
}

void ProcessAdapter::time_out(const std::string& id) {
  ProcessFlight* flight = find(id);
  if (flight == nullptr) return;
  const bool written = flight->line.empty();
  if (written && session_->is_ready() && hello_.can("cancel")) session_->send(cancel_line(id));
  const std::string garbage =
      session_->garbage() == 0
          ? ""
          : fmt::format("; the program wrote {} lines that are not of the protocol",
                        session_->garbage());
  const bool silent = !flight->completion.timeline.first_byte;
  fail(id, FailureClass::kTimeoutTotal,
       (silent ? "nothing came in time" : "the answer was not complete in time") + garbage,
       loop_.now());
}

void ProcessAdapter::session_ready() {
  for (auto& entry : flights_) {
    if (!entry.second.line.empty()) send(entry.second, loop_.now());
  }
}

void ProcessAdapter::session_line(const ChildLine& line, Nanos at) {
  const auto flight_of = [this](const std::string& id) {
    ProcessFlight* flight = find(id);
    // Late words on a request that timed out, a second answer, an id of the child's own making.
    if (flight == nullptr || !flight->line.empty()) {
      ++strays_;
      return static_cast<ProcessFlight*>(nullptr);
    }
    return flight;
  };
  if (const auto* delta = std::get_if<DeltaLine>(&line)) {
    if (ProcessFlight* flight = flight_of(delta->id)) flight->add(*delta, at);
  } else if (const auto* done = std::get_if<DoneLine>(&line)) {
    if (ProcessFlight* flight = flight_of(done->id)) {
      flight->finish(*done, at);
      answer(done->id);
    }
  } else if (const auto* scores = std::get_if<ScoresLine>(&line)) {
    if (ProcessFlight* flight = flight_of(scores->id)) {
      flight->finish(*scores, at);
      answer(scores->id);
    }
  } else if (const auto* error = std::get_if<ErrorLine>(&line)) {
    if (flight_of(error->id) != nullptr) fail(error->id, error->kind, error->message, at);
  } else if (const auto* garbage = std::get_if<GarbageLine>(&line)) {
    if (find(garbage->id) != nullptr) {
      fail(garbage->id, FailureClass::kProtocol, garbage->why, at);
    }
  }
}

void ProcessAdapter::session_ended(const SessionEnd& end) {
  cpu_seconds_ += end.exit.cpu_seconds;
  garbage_ += session_->garbage();
  if (closing_ || !opened_) return;  // `open` tells of the first session itself.
  // Those that were not written yet wait for the next life.
  std::vector<std::string> lost;
  for (const auto& entry : flights_) {
    if (entry.second.line.empty()) lost.push_back(entry.first);
  }
  const Nanos now = loop_.now();
  for (const auto& id : lost) fail(id, end.kind, end.reason, now);
  if (restarts_ == kMostRestarts) {
    dead_ = SessionEnd{FailureClass::kEngineDied,
                       fmt::format("the program ended {} times and is not started again; it {}",
                                   restarts_ + 1, end.reason),
                       end.exit};
    fail_everything(dead_->kind, dead_->reason);
    return;
  }
  ++restarts_;
  // In a later turn: the session that calls us must not be destroyed now.
  restart_timer_ = loop_.call_at(now, [this] { restart(); });
}

void ProcessAdapter::restart() {
  restart_timer_.reset();
  try {
    session_ = std::make_unique<ProcessSession>(loop_, spec_, *this);
  } catch (const Error& error) {
    dead_ = SessionEnd{FailureClass::kEngineDied, error.what(), {}};
    fail_everything(dead_->kind, dead_->reason);
  }
}

void ProcessAdapter::fail_everything(FailureClass kind, const std::string& reason) {
  std::vector<std::string> ids;
  for (const auto& entry : flights_) ids.push_back(entry.first);
  for (const auto& id : ids) fail(id, kind, reason, loop_.now());
}

ProcessFlight* ProcessAdapter::find(const std::string& id) {
  const auto found = flights_.find(id);
  return found == flights_.end() ? nullptr : &found->second;
}

void ProcessAdapter::fail(const std::string& id, FailureClass kind, const std::string& message,
                          Nanos at) {
  ProcessFlight* flight = find(id);
  if (flight == nullptr) return;
  flight->fail(kind, message, at);
  answer(id);
}

void ProcessAdapter::answer(const std::string& id) {
  // Taken out first: the sink may submit the next request at once.
  auto node = flights_.extract(id);
  forget_timers(node.mapped());
  node.mapped().sink->complete(node.key(), std::move(node.mapped().completion));
}

void ProcessAdapter::forget_timers(ProcessFlight& flight) {
  for (auto* timer : {&flight.timeout, &flight.cancel_timer}) {
    if (*timer) loop_.cancel(**timer);
    timer->reset();
  }
}

harness::Closing ProcessAdapter::close() {
  closing_ = true;
  // Their sinks may be gone: a drive that was cancelled does not wait for ever.
  for (auto& entry : flights_) forget_timers(entry.second);
  flights_.clear();
  if (restart_timer_) loop_.cancel(*restart_timer_);
  restart_timer_.reset();
  harness::Closing closing;
  json details = json::object();
  if (session_) {
    const SessionEnd end = session_->shut_down();
    details["exit"] = end.exit.text();
    if (!session_->stats().empty()) details["stats"] = json::parse(session_->stats());
    closing.cpu_seconds = cpu_seconds_;
  }
  details["restarts"] = restarts_;
  details["garbage_lines"] = garbage_;
  details["stray_lines"] = strays_;
  session_.reset();
  closing.details = details.dump(-1, ' ', false, json::error_handler_t::replace);
  return closing;
}

Nanos timeout_of(harness::Fields& fields, const std::string& key, double standard) {
  const double limit = fields.optional_number(key, 0.001, kLongestTimeout).value_or(standard);
  return static_cast<Nanos>(limit * 1e9);
}

}  // namespace

ChildCommand child_command(std::vector<std::string> arguments,
                           std::span<const std::string> variables,
                           const harness::AdapterContext& context) {
  ChildCommand command;
  command.where = context.where;
  command.arguments = std::move(arguments);
  command.environment = child_environment(context.environment, variables, context.where);
  command.directory = context.base;
  std::string name = context.system.empty() ? "adapter" : context.system;
  for (char& c : name) {
    if (c == '/') c = '_';
  }
  if (!context.logs.empty()) command.log = context.logs / (name + ".log");
  return command;
}

std::unique_ptr<harness::Adapter> process_adapter(harness::Loop& loop, const ProcessSpec& spec,
                                                  const std::string& model_sha256) {
  return std::make_unique<ProcessAdapter>(loop, spec, model_sha256);
}

std::unique_ptr<harness::Adapter> make_process(const json& options,
                                               const harness::AdapterContext& context) {
  harness::Fields fields(options, context.where);
  const json* command = fields.any("command");
  const std::vector<std::string> arguments =
      command != nullptr && command->is_array()
          ? fields.texts("command")
          : command_words(fields.text("command"), fields.where("command"));
  if (arguments.empty() || arguments.front().empty()) {
    throw Error(fields.where("command"), "the command is empty", "name a program");
  }
  const auto variables = fields.optional_texts("env").value_or(std::vector<std::string>{});
  ProcessSpec spec;
  spec.hello_timeout = timeout_of(fields, "hello_timeout_s", 5);
  spec.load_timeout = timeout_of(fields, "load_timeout_s", 600);
  if (const json* load = fields.any("options")) {
    if (!load->is_object()) {
      throw Error(fields.where("options"), "must be an object", "put the program's options in { }");
    }
    spec.options = load->dump();
  }
  fields.done();
  spec.command = child_command(arguments, variables, context);
  return process_adapter(context.loop, spec);
}

}  // namespace pingjia::adapters
