#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/fields.h"
#include "harness/base/nearest.h"
#include "harness/money/calendar.h"

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu",
                                                    "fri", "sat", "sun"};
constexpr std::array<std::string_view, 3> kOnHolidays{"either", "never", "only"};
constexpr UnixSeconds kDay = 86'400;
constexpr DayNumber kMostDays = 400;  // of one range of holidays

void check_zone(const std::string& zone, const std::string& where) {
  if (zone == "UTC") return;
  try {
    date::locate_zone(zone);
  } catch (const std::exception&) {
    std::vector<std::string_view> known;
    for (const auto& one : date::get_tzdb().zones) known.push_back(one.name());
    const auto meant = nearest(zone, known);
    throw Error(where, "unknown time zone '" + zone + "'",
                meant.empty() ? "name one such as Asia/Shanghai" : "did you mean '" + meant + "'?");
  }
}

// "09:00" or "24:00" as a second of the day.
int clock_of(std::string_view text, const std::string& where) {
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
  if (text.size() == 5 && text[2] == ':' && digit(0) && digit(1) && digit(3) && digit(4)) {
    const int hour = (text[0] - '0') * 10 + (text[1] - '0');
    const int minute = (text[3] - '0') * 10 + (text[4] - '0');
    const int second = hour * 3600 + minute * 60;
    if (minute < 60 && second <= kDay) return second;
  }
  throw Error(where, "'" + std::string(text) + "' is no time of day", "write 09:00");
}

ClockWindow window_of(const std::string& text, const std::string& where) {
  const auto dash = text.find('-');
  if (dash == std::string::npos) {
    throw Error(where, "'" + text + "' is no window", "write 09:00-12:00");
  }
  const ClockWindow window{clock_of(std::string_view(text).substr(0, dash), where),
                           clock_of(std::string_view(text).substr(dash + 1), where)};
  if (window.begin == window.end || window.begin == kDay) {
    throw Error(where, "'" + text + "' holds no time", "leave \"windows\" out for the whole day");
  }
  return window;
}

std::string clock_text(int second) {
  return fmt::format("{:02}:{:02}", second / 3600, second / 60 % 60);
}

DayNumber day_of(const std::string& text, const std::string& where) {
  const UnixSeconds at = parse_instant(text, where);
  if (at % kDay != 0) throw Error(where, "'" + text + "' is no whole day", "write 2026-10-01");
  return at / kDay;
}

std::string day_text(DayNumber day) {
  return instant_text(day * kDay);
}

void read_days(const std::string& text, const std::string& where, std::set<DayNumber>& days) {
  const auto dots = text.find("..");
  const DayNumber first = day_of(text.substr(0, dots), where);
  const DayNumber last = dots == std::string::npos ? first : day_of(text.substr(dots + 2), where);
  if (last < first || last - first > kMostDays) {
    throw Error(where, "'" + text + "' is no range of days", "write 2026-10-01..2026-10-07");
  }
  for (DayNumber day = first; day <= last; ++day) days.insert(day);
}

}  // namespace

Schedule schedule_from_json(const nlohmann::json& schedule, const std::string& where) {
  Fields fields(schedule, where);
  Schedule read;
  read.zone = fields.text("zone");
  check_zone(read.zone, fields.where("zone"));
  if (const auto names = fields.optional_texts("weekdays")) {
    read.weekdays = 0;
    for (const auto& name : *names) {
      const auto found = std::find(kWeekdays.begin(), kWeekdays.end(), name);
      if (found == kWeekdays.end()) {
        throw Error(fields.where("weekdays"), "unknown weekday '" + name + "'",
                    suggest(name, kWeekdays));
      }
      read.weekdays |= static_cast<std::uint8_t>(1U << (found - kWeekdays.begin()));
    }
    if (read.weekdays == 0) {
      throw Error(fields.where("weekdays"), "names no day", "leave it out for every day");
    }
  }
  for (const auto& text : fields.optional_texts("windows").value_or(std::vector<std::string>())) {
    read.windows.push_back(window_of(text, fields.where("windows")));
  }
  read.holidays = fields.optional_text("holidays").value_or("");
  const auto on = fields.optional_one_of("on_holidays", kOnHolidays).value_or("either");
  read.on_holidays = static_cast<OnHolidays>(std::find(kOnHolidays.begin(), kOnHolidays.end(), on) -
                                             kOnHolidays.begin());
  if (read.holidays.empty() != (read.on_holidays == OnHolidays::kEither)) {
    throw Error(fields.where("holidays"), "and \"on_holidays\" go together",
                "give both, on_holidays as never or only");
  }
  fields.done();
  return read;
}

nlohmann::json to_json(const Schedule& schedule) {
  nlohmann::json object{{"zone", schedule.zone}};
  if (schedule.weekdays != 0x7F) {
    for (std::size_t day = 0; day < kWeekdays.size(); ++day) {
      if (schedule.weekdays >> day & 1) object["weekdays"].push_back(kWeekdays[day]);
    }
  }
  for (const auto& window : schedule.windows) {
    object["windows"].push_back(clock_text(window.begin) + "-" + clock_text(window.end));
  }
  if (!schedule.holidays.empty()) {
    object["holidays"] = schedule.holidays;
    object["on_holidays"] = kOnHolidays[static_cast<std::size_t>(schedule.on_holidays)];
  }
  return object;
}

HolidayCalendar calendar_from_json(const nlohmann::json& calendar, const std::string& where) {
  Fields fields(calendar, where);
  HolidayCalendar read;
  read.from = day_of(fields.text("from"), fields.where("from"));
  read.to = day_of(fields.text("to"), fields.where("to"));
  if (read.to <= read.from) {
    throw Error(fields.where("to"), "is not after from", "name the first day it no longer covers");
  }
  const auto days = fields.optional_texts("days").value_or(std::vector<std::string>());
  for (const auto& text : days) read_days(text, fields.where("days"), read.days);
  if (!read.days.empty() && (*read.days.begin() < read.from || *read.days.rbegin() >= read.to)) {
    throw Error(fields.where("days"), "are not all within from and to", "widen them");
  }
  read.source = fields.text("source");
  fields.done();
  return read;
}

nlohmann::json to_json(const HolidayCalendar& calendar) {
  nlohmann::json object{{"from", day_text(calendar.from)},
                        {"to", day_text(calendar.to)},
                        {"days", nlohmann::json::array()},
                        {"source", calendar.source}};
  for (const DayNumber day : calendar.days) object["days"].push_back(day_text(day));
  return object;
}

}  // namespace pingjia::harness
