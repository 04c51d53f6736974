#include "harness/base/utf8.h"

#include <algorithm>

namespace pingjia::harness {

namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

// Bytes that a lead byte announces; 0 where no code point can start.
std::size_t announced(unsigned lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte is narrower after some leads: no overlong forms, surrogates or values above
// U+10FFFF (RFC 3629 §4).
bool second_fits(unsigned lead, unsigned second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

// How many bytes at `at` are a good beginning of a code point, at most what it announces.
std::size_t good_bytes(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  const std::size_t length = announced(lead);
  if (length <= 1) return length;
  std::size_t good = 1;
  while (good < length && at + good < text.size()) {
    const unsigned next = byte_at(text, at + good);
    const bool fits = good == 1 ? second_fits(lead, next) : (next & 0xC0) == 0x80;
    if (!fits) break;
    ++good;
  }
  return good;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t good = good_bytes(text, at);
    if (good > 0 && good == announced(byte_at(text, at))) {
      valid.append(text.substr(at, good));
      at += good;
    } else {
      valid += "\xEF\xBF\xBD";
      at += std::max<std::size_t>(good, 1);
    }
  }
  return valid;
}

std::size_t whole_code_points(std::string_view text) {
  // Only the last three bytes can belong to an unfinished code point.
  const std::size_t from = text.size() > 3 ? text.size() - 3 : 0;
  for (std::size_t at = from; at < text.size(); ++at) {
    const std::size_t length = announced(byte_at(text, at));
    if (length > text.size() - at && good_bytes(text, at) == text.size() - at) return at;
  }
  return text.size();
}

}  // namespace pingjia::harness
