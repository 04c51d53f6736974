#include "adapters/http/sse.h"

#include <algorithm>
#include <cstring>

#include "adapters/http/read.h"

namespace pingjia::adapters {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// Appends, keeping room for readers that look past the end.
void append_padded(std::string& to, std::string_view bytes) {
  const auto needed = to.size() + bytes.size() + kReadPadding;
  if (to.capacity() < needed) to.reserve(std::max(needed, 2 * to.capacity()));
  to.append(bytes);
}

const char* find(char wanted, const char* from, const char* to) {
  return static_cast<const char*>(std::memchr(from, wanted, static_cast<std::size_t>(to - from)));
}

}  // namespace

void SseParser::feed(std::string_view piece) {
  piece_ = piece;
  at_ = 0;
  lf_.reset();
}

bool SseParser::take_bom() {
  while (bom_ < 3 && at_ < piece_.size()) {
    if (piece_[at_] == kBom[static_cast<std::size_t>(bom_)]) {
      ++at_;
      ++bom_;
      continue;
    }
    // Not a mark after all: what looked like its start is text.
    if (bom_ > 0) {
      append_padded(carry_, kBom.substr(0, static_cast<std::size_t>(bom_)));
      carrying_ = true;
    }
    bom_ = 3;
  }
  return bom_ == 3;
}

bool SseParser::next_line(std::string_view& line) {
  if (skip_lf_ && at_ < piece_.size()) {
    if (piece_[at_] == '\n') ++at_;
    skip_lf_ = false;
  }
  if (at_ == piece_.size()) return false;
  const char* const from = piece_.data() + at_;
  const char* const to = piece_.data() + piece_.size();
  // Looked for once: a stream of CR lines would otherwise be searched to its end for every line.
  if (!lf_ || *lf_ < at_) {
    const char* const lf = find('\n', from, to);
    lf_ = lf == nullptr ? piece_.size() : static_cast<std::size_t>(lf - piece_.data());
  }
  const char* const limit = piece_.data() + *lf_;
  const char* end = find('\r', from, limit);
  if (end == nullptr && limit != to) end = limit;
  if (end == nullptr) return false;
  line = {from, static_cast<std::size_t>(end - from)};
  at_ += line.size() + 1;
  if (*end == '\r') {
    // The LF of a CRLF may be in the next piece.
    if (at_ < piece_.size() && piece_[at_] == '\n') {
      ++at_;
    } else {
      skip_lf_ = at_ == piece_.size();
    }
  }
  return true;
}

void SseParser::keep_rest() {
  // The event in progress outlives the piece.
  if (has_data_ && !joined_) {
    const std::string_view data = data_;
    joined_data_.clear();
    append_padded(joined_data_, data);
    joined_ = true;
  }
  const auto rest = piece_.substr(at_);
  at_ = piece_.size();
  if (!carrying_) carry_.clear();
  if (rest.empty()) return;
  append_padded(carry_, rest);
  carrying_ = true;
}

bool SseParser::next(SseEvent& event) {
  if (!take_bom()) return false;
  std::string_view line;
  while (next_line(line)) {
    if (carrying_) {
      append_padded(carry_, line);
      carrying_ = false;
      line = carry_;
    }
    if (take_line(line, event)) return true;
  }
  keep_rest();
  return false;
}

bool SseParser::finish(SseEvent& event) {
  piece_ = {};
  at_ = 0;
  if (carrying_) {
    carrying_ = false;
    SseEvent none;
    // A line without its end can complete no event by itself: it is not blank.
    take_line(carry_, none);
  }
  if (!dispatch(event)) return false;
  event.unterminated = true;
  return true;
}

bool SseParser::take_line(std::string_view line, SseEvent& event) {
  if (line.empty()) return dispatch(event);
  if (line.front() == ':') {
    ++comments_;
    return false;
  }
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  ++fields_;
  if (name == "data") {
    take_data(value);
  } else if (name == "event") {
    type_ = value;
  } else if (name != "id" && name != "retry") {
    --fields_;
  }
  return false;
}

void SseParser::take_data(std::string_view value) {
  if (!has_data_) {
    has_data_ = true;
    joined_ = false;
    data_ = value;
    return;
  }
  if (!joined_) {
    const std::string_view first = data_;
    joined_data_.clear();
    append_padded(joined_data_, first);
    joined_ = true;
  }
  append_padded(joined_data_, "\n");
  append_padded(joined_data_, value);
}

bool SseParser::dispatch(SseEvent& event) {
  event_type_.swap(type_);
  type_.clear();
  if (!has_data_) return false;
  has_data_ = false;
  event.data = joined_ ? std::string_view(joined_data_) : data_;
  event.type = event_type_;
  event.end = at_;
  event.unterminated = false;
  return true;
}

}  // namespace pingjia::adapters
