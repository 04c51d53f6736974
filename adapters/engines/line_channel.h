#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pingjia::adapters::engines {

/// Lines in from one descriptor, lines out to another, without ever blocking on either: a parent
/// that writes a thousand requests before it reads an answer must not end in a deadlock. The
/// descriptors' flags are left alone, because they are shared with the parent.
class LineChannel {
 public:
  LineChannel(int in, int out) : in_(in), out_(out) {}

  /// Queues one line; the newline is added.
  void send(std::string_view line);

  /// Moves what can be moved, waiting up to `timeout_ms` (-1: as long as it takes) for something to
  /// happen. Returns the whole lines that came.
  std::vector<std::string> exchange(int timeout_ms);

  /// Gives what was sent up to `timeout_ms` to go out, before something that takes long.
  void flush(int timeout_ms);

  bool input_ended() const { return input_ended_; }
  bool output_broken() const { return output_broken_; }
  /// Everything sent has been taken by the other side.
  bool drained() const { return written_ == output_.size(); }

 private:
  void read_some();
  void write_some();
  std::vector<std::string> take_lines();

  int in_;
  int out_;
  std::string input_;
  std::size_t scanned_ = 0;  ///< Bytes of `input_` known to hold no newline.
  std::string output_;
  std::size_t written_ = 0;
  bool skipping_ = false;  ///< Inside a line that is too long.
  bool input_ended_ = false;
  bool output_broken_ = false;
};

}  // namespace pingjia::adapters::engines
