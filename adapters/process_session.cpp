#include "adapters/process_session.h"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "harness/base/utf8.h"

namespace pingjia::adapters {

using harness::FailureClass;
using harness::Nanos;

namespace {

constexpr Nanos kShutdownGrace = 5 * harness::kSecond;
constexpr Nanos kExitGrace = 2 * harness::kSecond;
constexpr std::size_t kShownBytes = 120;

// The beginning of what the child wrote, fit for one line of an error.
std::string shown(std::string_view text) {
  std::string result = harness::valid_utf8(text.substr(0, kShownBytes));
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text.size() > kShownBytes ? result + " …" : result;
}

}  // namespace

ProcessSession::ProcessSession(harness::Loop& loop, const ProcessSpec& spec,
                               SessionListener& listener)
    : loop_(loop),
      spec_(spec),
      listener_(listener),
      child_(
          loop, spec.command, [this](std::string_view bytes, Nanos at) { read(bytes, at); },
          [this](const ChildExit& exit) { child_exited(exit); }) {
  expect_within(spec_.hello_timeout, "said no hello");
  child_.write(hello_line());
}

ProcessSession::~ProcessSession() {
  if (timer_) loop_.cancel(*timer_);
}

void ProcessSession::expect_within(Nanos limit, const std::string& what) {
  timer_ = loop_.call_at(loop_.now() + limit, [this, limit, what] {
    timer_.reset();
    give_up(FailureClass::kEngineDied,
            fmt::format("{} within {:g} s", what, harness::seconds(limit)));
  });
}

void ProcessSession::give_up(FailureClass kind, const std::string& reason) {
  if (state_ == State::kEnding) return;
  state_ = State::kEnding;
  verdict_ = SessionEnd{kind, reason, {}};
  child_.signal(SIGKILL);
}

void ProcessSession::read(std::string_view bytes, Nanos at) {
  if (bytes.empty()) {
    // Mostly the first sign of its end, whose status says more; some live on, but have left us.
    if (timer_) loop_.cancel(*timer_);
    if (state_ != State::kEnding)
      expect_within(kExitGrace, "closed its standard output, did not end");
    return;
  }
  lines_.append(bytes);
  while (!verdict_) {
    const auto text = lines_.next();
    if (!text) break;
    if (!text->empty()) take(read_child_line(*text), *text, at);
  }
  if (lines_.overflowed()) {
    give_up(FailureClass::kProtocol,
            fmt::format("wrote a line of more than {} MiB", kLongestLine / (1024 * 1024)));
  }
}

void ProcessSession::take(const ChildLine& line, std::string_view text, Nanos at) {
  if (const auto* garbage = std::get_if<GarbageLine>(&line)) {
    take_garbage(*garbage, text, at);
  } else if (const auto* hello = std::get_if<HelloLine>(&line)) {
    take_hello(*hello);
  } else if (const auto* ready = std::get_if<ReadyLine>(&line)) {
    take_ready(*ready);
  } else if (const auto* stats = std::get_if<StatsLine>(&line)) {
    stats_ = stats->details;
  } else if (state_ == State::kReady) {
    listener_.session_line(line, at);
  } else if (const auto* error = std::get_if<ErrorLine>(&line)) {
    give_up(FailureClass::kEngineDied, "could not load: " + error->message);
  }
}

void ProcessSession::take_hello(const HelloLine& hello) {
  if (state_ != State::kHello) return;
  if (hello.protocol != kProcessProtocol) {
    give_up(FailureClass::kProtocol,
            fmt::format("speaks version {} of the process protocol, not {}", hello.protocol,
                        kProcessProtocol));
    return;
  }
  hello_ = hello;
  state_ = State::kLoading;
  loop_.cancel(*timer_);
  expect_within(spec_.load_timeout, "was not ready");
  child_.write(load_line(spec_.options, spec_.parallel));
}

void ProcessSession::take_ready(const ReadyLine& ready) {
  if (state_ != State::kLoading) return;
  ready_ = ready;
  state_ = State::kReady;
  loop_.cancel(*timer_);
  timer_.reset();
  listener_.session_ready();
}

void ProcessSession::take_garbage(const GarbageLine& line, std::string_view text, Nanos at) {
  ++garbage_;
  last_garbage_ = shown(text);
  if (state_ == State::kReady && !line.id.empty()) listener_.session_line(line, at);
  if (garbage_ >= kGarbageLimit) {
    give_up(FailureClass::kProtocol,
            fmt::format("wrote {} lines that are not of the process protocol, the last one '{}' "
                        "({}); its own messages belong on standard error",
                        garbage_, last_garbage_, line.why));
  }
}

void ProcessSession::child_exited(const ChildExit& exit) {
  if (timer_) loop_.cancel(*timer_);
  timer_.reset();
  SessionEnd end = verdict_.value_or(SessionEnd{FailureClass::kEngineDied, exit.text(), {}});
  if (!verdict_ && state_ == State::kHello) end.reason += " without saying hello";
  if (!verdict_ && state_ == State::kLoading) end.reason += " while loading";
  end.reason += log_hint();
  end.exit = exit;
  state_ = State::kEnding;
  end_ = end;
  listener_.session_ended(end);
}

std::string ProcessSession::log_hint() const {
  const std::string line = child_.last_log_line();
  std::string hint = line.empty() ? "" : "; its log ends with '" + shown(line) + "'";
  if (garbage_ > 0 && !verdict_) {
    hint += fmt::format("; {} lines on its standard output were not of the protocol, the last '{}'",
                        garbage_, last_garbage_);
  }
  return hint;
}

SessionEnd ProcessSession::shut_down() {
  if (!end_ && state_ != State::kEnding) {
    state_ = State::kEnding;
    child_.write(stats_line() + shutdown_line());
    child_.close_input();
    if (!child_.wait_until(loop_.now() + kShutdownGrace)) child_.stop();
  }
  if (!end_) child_.stop_and_wait();
  return *end_;
}

}  // namespace pingjia::adapters
