#include "suites/extract/plain_text.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <utility>

#include "suites/extract/ascii.h"
#include "suites/extract/code_point.h"

namespace pingjia::suites {

namespace {

void append(std::string& text, UChar32 c) {
  std::array<char, U8_MAX_LENGTH> bytes{};
  int length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, c);
  text.append(bytes.data(), static_cast<std::size_t>(length));
}

bool is_dash(UChar32 c) {
  return (c >= 0x2010 && c <= 0x2013) || c == 0x2212 || c == 0xFE63 || c == 0xFE58;
}
bool is_invisible(UChar32 c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}
bool groups_digits(UChar32 c) {
  return c == 0xA0 || c == 0x2007 || c == 0x2009 || c == 0x202F;
}

bool digit_follows(std::string_view text, std::size_t at) {
  return at < text.size() && is_digit(text[at]);
}

// One character that is not ASCII; `previous` is the one before it, `rest` what follows.
void fold_character(std::string& folded, UChar32 c, UChar32 previous, std::string_view rest) {
  if (c == 0xFF0C) {
    // Between full-width digits it groups them; after others it is the Chinese comma.
    folded += previous >= 0xFF10 && previous <= 0xFF19 ? "," : ", ";
  } else if (c >= 0xFF01 && c <= 0xFF5E) {
    folded += static_cast<char>(c - 0xFEE0);
  } else if (c == 0x3002) {
    folded += ". ";
  } else if (c == 0x3001) {
    folded += ", ";
  } else if (groups_digits(c) && !folded.empty() && is_digit(folded.back()) &&
             digit_follows(rest, 0)) {
    folded += ',';
  } else if (is_dash(c)) {
    folded += '-';
  } else if (c == 0x2018 || c == 0x2019) {
    folded += '\'';
  } else if (c == 0x201C || c == 0x201D) {
    folded += '"';
  } else if (c == 0x2044) {
    folded += '/';
  } else if (c == 0xFFE5) {
    append(folded, 0xA5);
  } else if (c == 0xFFE1) {
    append(folded, 0xA3);
  } else if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
    folded += static_cast<char>('0' + u_charDigitValue(c));
  } else if (u_charType(c) == U_SPACE_SEPARATOR || c == 0x85) {
    folded += ' ';
  } else if (c == 0x2028 || c == 0x2029) {
    folded += '\n';
  } else if (!is_invisible(c)) {
    append(folded, c);
  }
}

// Commands that only dress their argument.
constexpr std::array<std::string_view, 12> kDress = {"text",   "textbf",       "textit", "textrm",
                                                     "mathrm", "mathbf",       "mathit", "mathsf",
                                                     "mbox",   "operatorname", "left",   "right"};

// What a LaTeX command becomes; `rest` starts after it and shrinks where a space ends it.
void strip_command(std::string& plain, std::string_view name) {
  for (const auto dress : kDress) {
    if (name == dress) return;
  }
  if (name == "dfrac" || name == "tfrac" || name == "cfrac") name = "frac";
  if (name == "fbox") name = "boxed";
  plain += '\\';
  plain += name;
}

// What a backslash and one sign become.
void strip_escape(std::string& plain, char sign, std::string_view rest) {
  if (sign == '!') return;
  if (sign == ',' || sign == ';' || sign == ':' || sign == ' ') {
    const bool grouping = !plain.empty() && is_digit(plain.back()) && digit_follows(rest, 0);
    plain += grouping ? ',' : ' ';
  } else if (sign == '(' || sign == ')' || sign == '[' || sign == ']') {
    plain += ' ';
  } else {
    plain += sign;
  }
}

}  // namespace

std::string fold_text(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  UChar32 previous = 0;
  for (std::int64_t at = 0; at < static_cast<std::int64_t>(text.size());) {
    const UChar32 c = next_code_point(text, at);
    if (c < 0x80) {
      folded += static_cast<char>(c);
    } else {
      fold_character(folded, c, previous, text.substr(static_cast<std::size_t>(at)));
    }
    previous = c;
  }
  return folded;
}

std::string strip_markup(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  while (!text.empty()) {
    if (text.starts_with("**") || text.starts_with("__")) {
      text.remove_prefix(2);
    } else if (text.starts_with("{,}")) {
      plain += ',';
      text.remove_prefix(3);
    } else if (text[0] == '\\' && text.size() > 1) {
      std::size_t length = 1;
      while (length < text.size() && is_letter(text[length])) ++length;
      if (length > 1) {
        strip_command(plain, text.substr(1, length - 1));
      } else {
        strip_escape(plain, text[1], text.substr(2));
        length = 2;
      }
      text.remove_prefix(length);
    } else {
      plain += text[0] == '~' ? ' ' : text[0];
      text.remove_prefix(1);
    }
  }
  return plain;
}

std::string_view trim(std::string_view text) {
  constexpr auto kSpace = " \t\r\n\f\v";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace pingjia::suites
