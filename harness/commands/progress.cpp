#include "harness/commands/progress.h"

#include <fmt/format.h>

#include <cmath>
#include <ostream>

namespace pingjia::harness {

namespace {

constexpr Nanos kRedraw = 100 * kMillisecond;
constexpr Nanos kPlainLine = 10 * kSecond;

std::string clock_text(double seconds_left) {
  const auto whole = static_cast<long>(std::lround(seconds_left));
  if (whole >= 3600)
    return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string progress_line(const ProgressState& state, std::size_t done_here,
                          std::int64_t tokens_here, double elapsed_s) {
  std::string line = fmt::format("{}  {}/{}", state.label, state.done, state.total);
  if (state.failed > 0) line += fmt::format("  {} failed", state.failed);
  if (elapsed_s > 0) {
    line += fmt::format("  {:.0f} tok/s", static_cast<double>(tokens_here) / elapsed_s);
  }
  line += state.usd ? fmt::format("  ${:.6f}", *state.usd) : "  $ unknown";
  if (done_here > 0 && state.done < state.total) {
    const double rest = static_cast<double>(state.total - state.done);
    line += "  ETA " + clock_text(elapsed_s * rest / static_cast<double>(done_here));
  } else if (state.done == state.total) {
    line += fmt::format("  in {:.1f} s", elapsed_s);
  }
  return line;
}

void Progress::begin(const ProgressState& state, Nanos now) {
  began_ = now;
  done_before_ = state.done;
  tokens_before_ = state.output_tokens;
  next_ = now + (interactive_ ? kRedraw : kPlainLine);
}

void Progress::update(const ProgressState& state, Nanos now) {
  if (now < next_) return;
  next_ = now + (interactive_ ? kRedraw : kPlainLine);
  draw(progress_line(state, state.done - done_before_, state.output_tokens - tokens_before_,
                     seconds(now - began_)),
       !interactive_);
}

void Progress::end(const ProgressState& state, Nanos now) {
  draw(progress_line(state, state.done - done_before_, state.output_tokens - tokens_before_,
                     seconds(now - began_)),
       true);
}

void Progress::draw(const std::string& line, bool stays) {
  // Erases the rest of the line, so that a shorter one leaves nothing of a longer one behind.
  if (interactive_) out_ << '\r' << line << "\x1b[K";
  if (!interactive_) out_ << line;
  if (stays) out_ << '\n';
  out_.flush();
}

}  // namespace pingjia::harness
