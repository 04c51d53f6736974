#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/process_version.h"

namespace pingjia::adapters {

/// Cuts a stream of bytes into lines ending with "\n" (a "\r" before it is dropped).
class LineBuffer {
 public:
  explicit LineBuffer(std::size_t longest = kLongestLine) : longest_(longest) {}

  void append(std::string_view bytes);

  /// The next whole line without its end, valid until the next `append`; nothing when there is
  /// none.
  std::optional<std::string_view> next();

  /// A line longer than the limit has begun; nothing after it can be trusted.
  bool overflowed() const { return overflowed_; }

 private:
  std::size_t longest_;
  std::string bytes_;
  std::size_t start_ = 0;    // Of the line being read.
  std::size_t scanned_ = 0;  // No line end lies between start_ and here.
  bool overflowed_ = false;
};

}  // namespace pingjia::adapters
