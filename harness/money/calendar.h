#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/money/instant.h"

namespace pingjia::harness {

/// Days since 1970-01-01, of a local date.
using DayNumber = std::int64_t;

/// Days off that somebody published.
struct HolidayCalendar {
  std::set<DayNumber> days;
  DayNumber from = 0;  ///< First day it speaks of.
  DayNumber to = 0;    ///< First day it no longer speaks of: holidays from then on are unknown.
  std::string source;
};

using Calendars = std::map<std::string, HolidayCalendar>;

/// Seconds of a local day, [begin, end). An end that is not after its begin lies on the next day.
struct ClockWindow {
  int begin = 0;
  int end = 0;  ///< 24:00 is 86,400.

  bool operator==(const ClockWindow&) const = default;
};

enum class OnHolidays { kEither, kNever, kOnly };

/// When a price holds, by a clock on the wall. Weekday and holiday are those of the instant's own
/// local date, also after midnight in a window that began the day before.
struct Schedule {
  std::string zone = "UTC";          ///< Of the IANA database.
  std::uint8_t weekdays = 0x7F;      ///< Bit 0 is Monday.
  std::vector<ClockWindow> windows;  ///< None: all day.
  std::string holidays;              ///< Name of a calendar; empty: none is asked.
  OnHolidays on_holidays = OnHolidays::kEither;

  bool operator==(const Schedule&) const = default;
};

/// Whether a schedule holds, and until when the answer stays.
struct Holding {
  std::optional<bool> holds;  ///< Nothing: it hangs on a holiday that the calendar does not know.
  UnixSeconds until = 0;
};

Holding schedule_at(const Schedule& schedule, const Calendars& calendars, UnixSeconds at);

/// Whether some instant can be in both. Schedules of different zones are taken to meet.
bool schedules_meet(const Schedule& a, const Schedule& b);

/// {"zone": "Asia/Shanghai", "weekdays": ["mon", …], "windows": ["09:00-12:00", …],
/// "holidays": "china", "on_holidays": "never"|"only"}; all but the zone may be left out. Throws
/// Error naming `where`, for an unknown zone or weekday with the nearest one.
Schedule schedule_from_json(const nlohmann::json& schedule, const std::string& where);
nlohmann::json to_json(const Schedule& schedule);

/// {"from": DAY, "to": DAY, "days": ["2026-01-01", "2026-02-15..2026-02-23"], "source": TEXT}
HolidayCalendar calendar_from_json(const nlohmann::json& calendar, const std::string& where);
nlohmann::json to_json(const HolidayCalendar& calendar);

}  // namespace pingjia::harness
