#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "adapters/child_process.h"
#include "adapters/line_buffer.h"
#include "adapters/process_protocol.h"
#include "harness/base/loop.h"

namespace pingjia::adapters {

/// How to start a program that speaks the process protocol.
struct ProcessSpec {
  ChildCommand command;
  std::string options = "{}";  ///< JSON object for `load`.
  int parallel = 1;            ///< The most requests in flight.
  harness::Nanos hello_timeout = 5 * harness::kSecond;
  harness::Nanos load_timeout = 600 * harness::kSecond;
};

/// Why a session ended: the class its open requests fail with, one line of reason, processor time.
struct SessionEnd {
  harness::FailureClass kind = harness::FailureClass::kEngineDied;
  std::string reason;
  ChildExit exit;
};

/// Told what happens in a session; inside a turn. Must not destroy the session.
class SessionListener {
 public:
  virtual ~SessionListener() = default;
  virtual void session_ready() = 0;
  /// A line other than hello, ready and stats, and when its last byte was read.
  virtual void session_line(const ChildLine& line, harness::Nanos at) = 0;
  /// Once, at the end.
  virtual void session_ended(const SessionEnd& end) = 0;
};

/// One life of a child: hello, load, ready, requests, shutdown. Lines that are not of the protocol
/// are passed over and counted; at `kGarbageLimit`, or at a line that is too long, the child is
/// killed, for nothing it says can be trusted any more.
class ProcessSession {
 public:
  static constexpr int kGarbageLimit = 10;

  /// Starts the child and says hello. Throws Error when it cannot be executed.
  ProcessSession(harness::Loop& loop, const ProcessSpec& spec, SessionListener& listener);
  ~ProcessSession();
  ProcessSession(const ProcessSession&) = delete;
  ProcessSession& operator=(const ProcessSession&) = delete;

  bool is_ready() const { return state_ == State::kReady; }
  bool has_ended() const { return end_.has_value(); }
  const std::optional<SessionEnd>& end() const { return end_; }
  const HelloLine& hello() const { return hello_; }
  const ReadyLine& ready() const { return ready_; }
  const std::string& stats() const { return stats_; }
  int garbage() const { return garbage_; }

  void send(std::string_view line) { child_.write(line); }

  /// Asks for the ledger and a clean end, and turns the loop until the child is gone: SIGTERM after
  /// 5 s, SIGKILL 10 s later.
  SessionEnd shut_down();

 private:
  enum class State { kHello, kLoading, kReady, kEnding };

  void read(std::string_view bytes, harness::Nanos at);
  void take(const ChildLine& line, std::string_view text, harness::Nanos at);
  void take_hello(const HelloLine& hello);
  void take_ready(const ReadyLine& ready);
  void take_garbage(const GarbageLine& line, std::string_view text, harness::Nanos at);
  void give_up(harness::FailureClass kind, const std::string& reason);
  void expect_within(harness::Nanos limit, const std::string& what);
  void child_exited(const ChildExit& exit);
  std::string log_hint() const;

  harness::Loop& loop_;
  const ProcessSpec spec_;
  SessionListener& listener_;
  State state_ = State::kHello;
  LineBuffer lines_;
  HelloLine hello_;
  ReadyLine ready_;
  std::string stats_;
  int garbage_ = 0;
  std::string last_garbage_;
  std::optional<harness::TimerId> timer_;
  std::optional<SessionEnd> end_;
  /// Why it was killed, where we did it.
  std::optional<SessionEnd> verdict_;
  ChildProcess child_;
};

}  // namespace pingjia::adapters
