#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/child_process.h"
#include "adapters/line_buffer.h"
#include "adapters/process_protocol.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Everything the program said about one request.
struct Told {
  harness::Nanos sent = 0;
  harness::Nanos ended = 0;  ///< When the first done, scores or error came.
  std::vector<std::pair<DeltaLine, harness::Nanos>> deltas;
  std::optional<DoneLine> done;
  std::optional<ScoresLine> scores;
  std::optional<ErrorLine> error;
  int ends = 0;  ///< Done, scores and error lines.
  int late = 0;  ///< Deltas after the first of them.

  std::string text() const;  ///< The deltas, joined; reasoning included.
  std::int64_t tokens() const;
  /// "was answered by done (stop)", "got no answer within 60 s", for a detail.
  std::string outcome() const;
};

/// A program under test, driven line by line, with everything it says kept. Nothing is repaired or
/// passed over as the adapter would.
class Probe {
 public:
  Probe(harness::Loop& loop, ChildCommand command, std::string options, harness::Nanos patience);

  static constexpr int kParallel = 8;
  static constexpr harness::Nanos kHelloLimit = 5 * harness::kSecond;
  static constexpr harness::Nanos kShutdownLimit = 5 * harness::kSecond;

  /// Starts it (again) and goes through hello and load. Throws Error when it cannot be executed.
  void start();
  bool alive() const { return child_ && child_->running(); }
  bool is_ready() const { return alive() && ready_.has_value(); }
  /// How it ended, and the last line of its log.
  std::string death() const;

  const std::optional<HelloLine>& hello() const { return hello_; }
  const std::optional<ReadyLine>& ready() const { return ready_; }
  harness::Nanos hello_took() const { return hello_took_; }
  bool can(std::string_view capability) const { return hello_ && hello_->can(capability); }
  harness::Nanos patience() const { return patience_; }

  /// Writes a line as it stands.
  void send_raw(const std::string& line);
  /// Writes `request` with its "id" and starts to keep what is said about it.
  Told& send(const nlohmann::json& request);
  /// `send`, then waits for the end of the answer.
  const Told& ask(const nlohmann::json& request);
  /// Turns until `done()` or the limit has come or the program is gone; whether `done()`.
  bool wait(const std::function<bool()>& done, harness::Nanos limit);
  /// Waits for the answer to a stats line: everything written before has then been read. False
  /// when none came.
  bool settle();
  const std::optional<StatsLine>& stats() const { return stats_; }

  /// Ends the program with a shutdown line, or by the end of its input alone; its exit, if it came
  /// in time. It is killed otherwise.
  std::optional<ChildExit> end(bool say_shutdown);

  /// Lines that are not of the protocol, the first of them, and lines for ids nobody sent.
  int garbage() const { return garbage_; }
  const std::string& first_garbage() const { return first_garbage_; }
  int strays() const { return strays_; }
  std::string next_id() { return "check-" + std::to_string(++ids_); }

 private:
  void read(std::string_view bytes, harness::Nanos at);
  void take(const ChildLine& line, harness::Nanos at);
  Told* told(const std::string& id);

  harness::Loop& loop_;
  ChildCommand command_;
  std::string options_;
  harness::Nanos patience_;
  LineBuffer lines_;
  std::optional<HelloLine> hello_;
  std::optional<ReadyLine> ready_;
  std::optional<StatsLine> stats_;
  harness::Nanos hello_took_ = 0;
  std::map<std::string, Told> told_;
  int garbage_ = 0;
  std::string first_garbage_;
  int strays_ = 0;
  int ids_ = 0;
  bool answers_stats_ = true;
  std::unique_ptr<ChildProcess> child_;
};

}  // namespace pingjia::adapters
