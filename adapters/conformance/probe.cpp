#include "adapters/conformance/probe.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/utf8.h"
#include "harness/base/version.h"

namespace pingjia::adapters {

using harness::Nanos;
using nlohmann::json;

namespace {

constexpr std::size_t kShownBytes = 80;
// How long to listen for more from a program that answers no stats.
constexpr Nanos kQuietTime = 200 * harness::kMillisecond;

std::string line_of(const json& object) {
  return object.dump() + "\n";
}

}  // namespace

std::string Told::text() const {
  std::string text;
  for (const auto& delta : deltas) text += delta.first.text;
  return text;
}

std::int64_t Told::tokens() const {
  std::int64_t tokens = 0;
  for (const auto& delta : deltas) tokens += delta.first.tokens.value_or(0);
  return tokens;
}

std::string Told::outcome() const {
  if (done) return "was answered by done (" + done->finish + ")";
  if (scores) return "was answered by scores";
  if (error) return "was answered by error (" + error->kind_raw + ": " + error->message + ")";
  return "was not answered";
}

Probe::Probe(harness::Loop& loop, ChildCommand command, std::string options, Nanos patience)
    : loop_(loop),
      command_(std::move(command)),
      options_(std::move(options)),
      patience_(patience) {}

void Probe::start() {
  child_.reset();
  lines_ = LineBuffer();
  hello_.reset();
  ready_.reset();
  const Nanos started = loop_.now();
  child_ = std::make_unique<ChildProcess>(
      loop_, command_, [this](std::string_view bytes, Nanos at) { read(bytes, at); }, nullptr);
  // Fields that no version knows: they must be passed over from the first line on.
  child_->write(line_of({{"type", "hello"},
                         {"protocol", kProcessProtocol},
                         {"client", std::string("pingjia ") + harness::kVersion},
                         {"field_of_a_later_version", json::array({1, "x"})}}));
  wait([this] { return hello_.has_value(); }, kHelloLimit);
  hello_took_ = loop_.now() - started;
  if (!hello_) return;
  json load = json::parse(load_line(options_, kParallel));
  load["field_of_a_later_version"] = true;
  child_->write(line_of(load));
  wait([this] { return ready_.has_value(); }, 10 * patience_);
}

std::string Probe::death() const {
  if (!child_ || child_->running()) return "it still runs";
  const std::string last = child_->last_log_line();
  return "it " + child_->exit()->text() +
         (last.empty() ? "" : "; its log ends with '" + last + "'");
}

void Probe::read(std::string_view bytes, Nanos at) {
  lines_.append(bytes);
  while (const auto text = lines_.next()) {
    const ChildLine line = read_child_line(*text);
    if (std::holds_alternative<GarbageLine>(line) && garbage_++ == 0) {
      first_garbage_ = harness::valid_utf8(text->substr(0, kShownBytes)) + " (" +
                       std::get<GarbageLine>(line).why + ")";
    }
    take(line, at);
  }
  if (lines_.overflowed() && garbage_++ == 0) first_garbage_ = "a line of more than 16 MiB";
}

Told* Probe::told(const std::string& id) {
  const auto found = told_.find(id);
  if (found != told_.end()) return &found->second;
  ++strays_;
  return nullptr;
}

void Probe::take(const ChildLine& line, Nanos at) {
  const auto end = [&](const std::string& id) {
    Told* request = told(id);
    if (request != nullptr && request->ends++ == 0) request->ended = at;
    return request;
  };
  if (const auto* hello = std::get_if<HelloLine>(&line)) {
    hello_ = *hello;
  } else if (const auto* ready = std::get_if<ReadyLine>(&line)) {
    ready_ = *ready;
  } else if (const auto* stats = std::get_if<StatsLine>(&line)) {
    stats_ = *stats;
  } else if (const auto* delta = std::get_if<DeltaLine>(&line)) {
    Told* request = told(delta->id);
    if (request == nullptr) return;
    if (request->ends > 0) ++request->late;
    request->deltas.emplace_back(*delta, at);
  } else if (const auto* done = std::get_if<DoneLine>(&line)) {
    if (Told* request = end(done->id)) request->done = *done;
  } else if (const auto* scores = std::get_if<ScoresLine>(&line)) {
    if (Told* request = end(scores->id)) request->scores = *scores;
  } else if (const auto* error = std::get_if<ErrorLine>(&line)) {
    // Without an id it is a complaint about a line, which the protocol allows.
    if (error->id.empty()) return;
    if (Told* request = end(error->id)) request->error = *error;
  }
}

void Probe::send_raw(const std::string& line) {
  child_->write(line);
}

Told& Probe::send(const json& request) {
  Told& told = told_[request.at("id").get<std::string>()];
  told.sent = loop_.now();
  child_->write(line_of(request));
  return told;
}

const Told& Probe::ask(const json& request) {
  Told& told = send(request);
  wait([&told] { return told.ends > 0; }, patience_);
  return told;
}

bool Probe::wait(const std::function<bool()>& done, Nanos limit) {
  const Nanos deadline = loop_.now() + limit;
  while (!done() && alive() && loop_.now() < deadline) loop_.turn(deadline);
  return done();
}

bool Probe::settle() {
  stats_.reset();
  child_->write(stats_line());
  const bool came =
      wait([this] { return stats_.has_value(); }, answers_stats_ ? patience_ : kQuietTime);
  answers_stats_ = came;
  return came;
}

std::optional<ChildExit> Probe::end(bool say_shutdown) {
  if (!child_) return std::nullopt;
  if (say_shutdown) {
    child_->write(shutdown_line());
  } else {
    child_->close_input();
  }
  const auto exit = child_->wait_until(loop_.now() + kShutdownLimit);
  if (!exit) child_->stop_and_wait(harness::kSecond);
  return exit;
}

}  // namespace pingjia::adapters
