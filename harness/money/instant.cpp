#include "harness/money/instant.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

// Takes `shape` off the front, in which d is a digit; the digits as a number. Digits are checked
// one by one, so that "+1" is none.
std::optional<int> take(std::string_view& text, std::string_view shape) {
  if (text.size() < shape.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != 'd') {
      if (text[i] != shape[i]) return std::nullopt;
    } else {
      if (text[i] < '0' || text[i] > '9') return std::nullopt;
      value = value * 10 + (text[i] - '0');
    }
  }
  text.remove_prefix(shape.size());
  return value;
}

// "Z", "+08:00" as seconds to take off; it must end the text.
std::optional<UnixSeconds> take_zone(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hour = take(text, "dd");
  const auto minute = take(text, ":dd");
  if (!hour || !minute || !text.empty() || *hour > 14 || *minute > 59) return std::nullopt;
  return sign * (*hour * 3600 + *minute * 60);
}

// "T16:00:00.5Z" as seconds after midnight UTC.
std::optional<UnixSeconds> take_clock(std::string_view text) {
  const auto hour = take(text, "Tdd");
  const auto minute = take(text, ":dd");
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  int second = 0;
  if (const auto given = take(text, ":dd")) {
    second = *given;
    if (second > 59) return std::nullopt;
    if (!text.empty() && text[0] == '.') {
      const auto end = text.find_first_not_of("0123456789", 1);
      if (end == 1 || end == std::string_view::npos) return std::nullopt;
      text.remove_prefix(end);
    }
  }
  const auto zone = take_zone(text);
  if (!zone) return std::nullopt;
  return *hour * 3600 + *minute * 60 + second - *zone;
}

}  // namespace

UnixSeconds parse_instant(std::string_view text, const std::string& where) {
  std::string_view rest = text;
  const auto year = take(rest, "dddd");
  const auto month = take(rest, "-dd");
  const auto day = take(rest, "-dd");
  std::optional<UnixSeconds> seconds = 0;
  if (!rest.empty()) seconds = take_clock(rest);
  if (year && month && day && seconds) {
    namespace chrono = std::chrono;
    const chrono::year_month_day date{chrono::year(*year),
                                      chrono::month(static_cast<unsigned>(*month)),
                                      chrono::day(static_cast<unsigned>(*day))};
    if (date.ok()) {
      return chrono::seconds(chrono::sys_days(date).time_since_epoch()).count() + *seconds;
    }
  }
  throw Error(where, "'" + std::string(text) + "' is not a date",
              "write 2025-02-08, or 2025-02-08T16:00:00Z in UTC");
}

std::string instant_text(UnixSeconds at) {
  const std::chrono::sys_seconds point{std::chrono::seconds(at)};
  const auto midnight = std::chrono::floor<std::chrono::days>(point);
  const std::chrono::year_month_day date(midnight);
  std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (const auto of_day = (point - midnight).count(); of_day != 0) {
    text += fmt::format("T{:02}:{:02}:{:02}Z", of_day / 3600, of_day / 60 % 60, of_day % 60);
  }
  return text;
}

}  // namespace pingjia::harness
