#include "adapters/line_buffer.h"

namespace pingjia::adapters {

void LineBuffer::append(std::string_view bytes) {
  if (overflowed_) return;
  if (start_ > 0) {
    bytes_.erase(0, start_);
    scanned_ -= start_;
    start_ = 0;
  }
  bytes_ += bytes;
}

std::optional<std::string_view> LineBuffer::next() {
  const std::size_t end = bytes_.find('\n', scanned_);
  const std::size_t length = (end == std::string::npos ? bytes_.size() : end) - start_;
  if (overflowed_ || length > longest_) {
    overflowed_ = true;
    bytes_.clear();
    start_ = scanned_ = 0;
    return std::nullopt;
  }
  if (end == std::string::npos) {
    scanned_ = bytes_.size();
    return std::nullopt;
  }
  std::string_view line(bytes_.data() + start_, length);
  if (line.ends_with('\r')) line.remove_suffix(1);
  start_ = scanned_ = end + 1;
  return line;
}

}  // namespace pingjia::adapters
