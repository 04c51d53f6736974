#include "harness/money/instant.h"

#include <fmt/format.h>

#include <chrono>

#include "harness/base/error.h"

namespace pingjia::harness {

UnixSeconds parse_instant(std::string_view text, const std::string& where) {
  // YYYY-MM-DD, or that and THH:MM:SSZ; digits checked one by one, so that "+1" is none.
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  bool good = text.size() == 10 || text.size() == kShape.size();
  for (std::size_t i = 0; good && i < text.size(); ++i) {
    good = kShape[i] == 'd' ? digit(text[i]) : text[i] == kShape[i];
  }
  const auto number = [&](std::size_t from, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(from, length)) value = value * 10 + (c - '0');
    return value;
  };
  if (good) {
    namespace chrono = std::chrono;
    const chrono::year_month_day date{chrono::year(number(0, 4)),
                                      chrono::month(static_cast<unsigned>(number(5, 2))),
                                      chrono::day(static_cast<unsigned>(number(8, 2)))};
    const bool timed = text.size() > 10;
    const int hour = timed ? number(11, 2) : 0;
    const int minute = timed ? number(14, 2) : 0;
    const int second = timed ? number(17, 2) : 0;
    if (date.ok() && hour < 24 && minute < 60 && second < 60) {
      return chrono::seconds(chrono::sys_days(date).time_since_epoch()).count() + hour * 3600 +
             minute * 60 + second;
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
