#include "adapters/wire/unescape.h"

#include <cstdint>
#include <optional>

namespace pingjia::adapters {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

unsigned byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

void append_code(std::uint32_t code, std::string& to) {
  const auto byte = [&to](std::uint32_t value) { to += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

std::optional<std::uint32_t> hex4(std::string_view token, std::size_t at) {
  if (at + 4 > token.size()) return std::nullopt;
  std::uint32_t code = 0;
  for (const char c : token.substr(at, 4)) {
    const auto digit = std::string_view("0123456789abcdef").find(static_cast<char>(c | 0x20));
    if (digit == std::string_view::npos) return std::nullopt;
    code = code * 16 + static_cast<std::uint32_t>(digit);
  }
  return code;
}

// The half of a surrogate pair that stands as three bytes at `at`, if one does.
std::optional<std::uint32_t> half_at(std::string_view text, std::size_t at) {
  if (at + 3 > text.size() || byte_at(text, at) != 0xED || byte_at(text, at + 1) < 0xA0) {
    return std::nullopt;
  }
  return 0xD000U | ((byte_at(text, at + 1) & 0x3F) << 6) | (byte_at(text, at + 2) & 0x3F);
}

}  // namespace

bool unescape_leniently(std::string_view token, std::string& to) {
  if (token.empty() || token.front() != '"') return false;
  for (std::size_t at = 1; at < token.size(); ++at) {
    const char c = token[at];
    if (c == '"') return true;
    if (c != '\\') {
      to += c;
      continue;
    }
    if (++at == token.size()) return false;
    if (token[at] == 'u') {
      const auto code = hex4(token, at + 1);
      if (!code) return false;
      append_code(*code, to);
      at += 4;
      continue;
    }
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const auto which = kLetters.find(token[at]);
    if (which == std::string_view::npos) return false;
    to += kMeanings[which];
  }
  return false;
}

void mend_surrogates(std::string& text) {
  std::string mended;
  mended.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto first = half_at(text, at);
    if (!first) {
      mended += text[at++];
      continue;
    }
    const auto second = half_at(text, at + 3);
    if (*first < 0xDC00 && second && *second >= 0xDC00) {
      append_code(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), mended);
      at += 6;
    } else {
      mended += kReplacement;
      at += 3;
    }
  }
  text = std::move(mended);
}

}  // namespace pingjia::adapters
