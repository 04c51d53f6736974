#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include "harness/base/loop.h"

namespace pingjia::harness {

/// What the live line shows.
struct ProgressState {
  std::string label;  ///< "dense arithmetic/generate"
  std::size_t done = 0;
  std::size_t total = 0;
  std::size_t failed = 0;
  std::int64_t output_tokens = 0;
  std::optional<double> usd;  ///< So far; unknown where no price is.
};

/// The live line of a run: redrawn in place on a terminal, a plain line every ten seconds
/// otherwise. Time comes in with each call.
class Progress {
 public:
  Progress(std::ostream& out, bool interactive) : out_(out), interactive_(interactive) {}

  /// Starts a stretch of work with one label at `now`.
  void begin(const ProgressState& state, Nanos now);
  /// Shows `state` when it is time to.
  void update(const ProgressState& state, Nanos now);
  /// Shows the stretch's last state on a line that stays.
  void end(const ProgressState& state, Nanos now);

 private:
  void draw(const std::string& line, bool stays);

  std::ostream& out_;
  bool interactive_;
  Nanos began_ = 0;
  std::size_t done_before_ = 0;
  std::int64_t tokens_before_ = 0;
  Nanos next_ = 0;
};

/// "dense arithmetic/generate  320/700  5120 tok/s  $0.0012  ETA 0:12".
std::string progress_line(const ProgressState& state, std::size_t done_here,
                          std::int64_t tokens_here, double elapsed_s);

}  // namespace pingjia::harness
