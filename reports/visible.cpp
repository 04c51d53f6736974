#include "reports/visible.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/utf8.h"

namespace pingjia::reports {

namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 1;
};

// Of valid UTF-8 only.
CodePoint code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  const char32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {((lead & 0x1F) << 6) | (byte(1) & 0x3F), 2};
  if (lead < 0xF0) {
    return {((lead & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F), 3};
  }
  return {
      ((lead & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) | (byte(3) & 0x3F),
      4};
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t value) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return value >= range.first && value <= range.last;
  });
}

// C1 controls, bidirectional marks, zero-width and line separators, tag characters. Joiners
// (U+200C, U+200D) stay: emoji and several scripts are written with them.
constexpr std::array<Range, 11> kUnseen{{{0x80, 0x9F},
                                         {0xAD, 0xAD},
                                         {0x61C, 0x61C},
                                         {0x180E, 0x180E},
                                         {0x200B, 0x200B},
                                         {0x200E, 0x200F},
                                         {0x2028, 0x202E},
                                         {0x2060, 0x206F},
                                         {0xFEFF, 0xFEFF},
                                         {0xFFF9, 0xFFFB},
                                         {0xE0000, 0xE007F}}};

constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x3FFFD}}};

constexpr std::array<Range, 5> kCombining{
    {{0x300, 0x36F}, {0x200C, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}}};

std::size_t width_of(char32_t value) {
  if (value < 0x300) return 1;
  if (within(kCombining, value)) return 0;
  return within(kWide, value) ? 2 : 1;
}

bool is_plain(char c) {
  return c >= 0x20 && c != 0x7F;
}

void append_picture(std::string& out, char32_t control) {
  // U+2400 + n is the picture of control n; U+2421 that of DEL.
  const char32_t picture = control == 0x7F ? 0x2421 : 0x2400 + control;
  out += "\xE2";
  out += static_cast<char>(0x80 | ((picture >> 6) & 0x3F));
  out += static_cast<char>(0x80 | (picture & 0x3F));
}

}  // namespace

std::string visible(std::string_view text, Breaks breaks) {
  // Nearly all text is plain ASCII: copied in one go.
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  const std::string valid = harness::valid_utf8(text);
  std::string out;
  out.reserve(valid.size() + 16);
  for (std::size_t at = 0; at < valid.size();) {
    const CodePoint point = code_point(valid, at);
    const bool is_break = point.value == '\n' || point.value == '\t';
    if (is_break && breaks == Breaks::kKeep) {
      out += valid[at];
    } else if (point.value < 0x20 || point.value == 0x7F) {
      append_picture(out, point.value);
    } else if (within(kUnseen, point.value)) {
      out += fmt::format("⟨U+{:04X}⟩", static_cast<std::uint32_t>(point.value));
    } else {
      out.append(valid, at, point.length);
    }
    at += point.length;
  }
  return out;
}

Excerpt visible_excerpt(std::string_view text, std::size_t limit, Breaks breaks) {
  if (text.size() <= limit) return {visible(text, breaks), 0};
  const std::string_view kept = text.substr(0, harness::whole_code_points(text.substr(0, limit)));
  return {visible(kept, breaks), text.size() - kept.size()};
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point(text, at);
    width += width_of(point.value);
    at += point.length;
  }
  return width;
}

std::string elide(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const CodePoint point = code_point(text, at);
    if (used + width_of(point.value) + 1 > width) break;
    used += width_of(point.value);
    at += point.length;
  }
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace pingjia::reports
