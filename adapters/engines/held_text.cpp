#include "adapters/engines/held_text.h"

#include <algorithm>

namespace pingjia::adapters {
namespace {

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

/// Length that a code point's first byte announces; 0 when it cannot be one.
std::size_t announced_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

/// Whether `byte` may stand `index` places after `first` (Unicode, table 3-7).
bool continues(unsigned char first, std::size_t index, unsigned char byte) {
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  if (index == 1) {
    if (first == 0xE0) low = 0xA0;
    if (first == 0xED) high = 0x9F;
    if (first == 0xF0) low = 0x90;
    if (first == 0xF4) high = 0x8F;
  }
  return byte >= low && byte <= high;
}

/// Bytes from `at` that are a code point or a valid beginning of one, and whether it is complete.
struct Scan {
  std::size_t length = 1;
  bool complete = false;
};

Scan scan(std::string_view text, std::size_t at) {
  const unsigned char first = byte_at(text, at);
  const std::size_t wanted = announced_length(first);
  if (wanted == 0) {
    return {};
  }
  std::size_t length = 1;
  while (length < wanted && at + length < text.size() &&
         continues(first, length, byte_at(text, at + length))) {
    ++length;
  }
  return {length, length == wanted};
}

}  // namespace

std::size_t incomplete_utf8(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const std::size_t at = text.size() - back;
    if (announced_length(byte_at(text, at)) > 0) {
      const Scan found = scan(text, at);
      const bool open = !found.complete && found.length == back;
      return open ? back : 0;
    }
  }
  return 0;
}

std::string repaired_utf8(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Scan found = scan(text, at);
    if (found.complete) {
      out.append(text.substr(at, found.length));
    } else {
      out.append("\xEF\xBF\xBD");
    }
    at += found.length;
  }
  return out;
}

HeldText::HeldText(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase_if(stops_, [](const std::string& stop) { return stop.empty(); });
}

std::size_t HeldText::first_stop() const {
  std::size_t first = std::string::npos;
  for (const std::string& stop : stops_) {
    first = std::min(first, held_.find(stop));
  }
  return first;
}

std::size_t HeldText::held_for_stops() const {
  std::size_t most = 0;
  for (const std::string& stop : stops_) {
    for (std::size_t n = std::min(stop.size() - 1, held_.size()); n > most; --n) {
      if (std::string_view(held_).ends_with(std::string_view(stop).substr(0, n))) {
        most = n;
      }
    }
  }
  return most;
}

std::string HeldText::add(std::string_view bytes) {
  if (stopped_) {
    return {};
  }
  held_.append(bytes);
  std::size_t show = first_stop();
  if (show != std::string::npos) {
    stopped_ = true;
    const std::string shown = repaired_utf8(std::string_view(held_).substr(0, show));
    held_.clear();
    return shown;
  }
  show = held_.size() - held_for_stops();
  show -= incomplete_utf8(std::string_view(held_).substr(0, show));
  const std::string shown = repaired_utf8(std::string_view(held_).substr(0, show));
  held_.erase(0, show);
  return shown;
}

std::string HeldText::finish() {
  const std::string shown = repaired_utf8(held_);
  held_.clear();
  return shown;
}

}  // namespace pingjia::adapters
