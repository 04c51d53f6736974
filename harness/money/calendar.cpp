#include "harness/money/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <limits>

namespace pingjia::harness {

namespace {

constexpr UnixSeconds kDay = 86'400;

struct Offset {
  UnixSeconds seconds = 0;  // Local less UTC.
  UnixSeconds until = std::numeric_limits<UnixSeconds>::max();
};

Offset offset_at(const std::string& zone, UnixSeconds at) {
  if (zone == "UTC") return {};  // Without the database, which a small machine may lack.
  const auto info = date::locate_zone(zone)->get_info(date::sys_seconds(std::chrono::seconds(at)));
  return {info.offset.count(), info.end.time_since_epoch().count()};
}

bool contains(const ClockWindow& window, int second) {
  if (window.begin < window.end) return second >= window.begin && second < window.end;
  return second >= window.begin || second < window.end;
}

// Monday is 0; 1970-01-01 was a Thursday.
int weekday_of(DayNumber day) {
  return static_cast<int>(((day + 3) % 7 + 7) % 7);
}

std::optional<bool> day_fits(const Schedule& schedule, const Calendars& calendars, DayNumber day) {
  if ((schedule.weekdays >> weekday_of(day) & 1) == 0) return false;
  if (schedule.holidays.empty() || schedule.on_holidays == OnHolidays::kEither) return true;
  const auto calendar = calendars.find(schedule.holidays);
  if (calendar == calendars.end()) return std::nullopt;
  const HolidayCalendar& known = calendar->second;
  if (day < known.from || day >= known.to) return std::nullopt;
  return known.days.contains(day) == (schedule.on_holidays == OnHolidays::kOnly);
}

// The windows as [begin, end) within one day.
std::vector<ClockWindow> unwrapped(const Schedule& schedule) {
  if (schedule.windows.empty()) return {{0, static_cast<int>(kDay)}};
  std::vector<ClockWindow> pieces;
  for (const auto& window : schedule.windows) {
    if (window.begin < window.end) {
      pieces.push_back(window);
    } else {
      pieces.push_back({window.begin, static_cast<int>(kDay)});
      pieces.push_back({0, window.end});
    }
  }
  return pieces;
}

}  // namespace

Holding schedule_at(const Schedule& schedule, const Calendars& calendars, UnixSeconds at) {
  const Offset offset = offset_at(schedule.zone, at);
  const UnixSeconds local = at + offset.seconds;
  const DayNumber day = local >= 0 ? local / kDay : -((kDay - 1 - local) / kDay);
  const int second = static_cast<int>(local - day * kDay);
  int edge = static_cast<int>(kDay);
  bool within = schedule.windows.empty();
  for (const auto& window : schedule.windows) {
    within = within || contains(window, second);
    for (const int side : {window.begin, window.end}) {
      if (side > second) edge = std::min(edge, side);
    }
  }
  Holding holding;
  holding.until = std::min(at + (edge - second), offset.until);
  holding.holds = within ? day_fits(schedule, calendars, day) : std::optional(false);
  return holding;
}

bool schedules_meet(const Schedule& a, const Schedule& b) {
  if (a.zone != b.zone) return true;
  if ((a.weekdays & b.weekdays) == 0) return false;
  const bool apart_by_holiday =
      a.holidays == b.holidays && !a.holidays.empty() && a.on_holidays != OnHolidays::kEither &&
      b.on_holidays != OnHolidays::kEither && a.on_holidays != b.on_holidays;
  if (apart_by_holiday) return false;
  const auto ours = unwrapped(a);
  const auto theirs = unwrapped(b);
  return std::any_of(ours.begin(), ours.end(), [&](const ClockWindow& mine) {
    return std::any_of(theirs.begin(), theirs.end(), [&](const ClockWindow& other) {
      return mine.begin < other.end && other.begin < mine.end;
    });
  });
}

}  // namespace pingjia::harness
