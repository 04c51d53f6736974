#include "harness/money/calendar.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace pingjia::harness {
namespace {

UnixSeconds at(const char* text) {
  return parse_instant(text, "t");
}

Schedule schedule(const nlohmann::json& object) {
  return schedule_from_json(object, "t");
}

bool holds(const Schedule& schedule, const char* when, const Calendars& calendars = {}) {
  return schedule_at(schedule, calendars, at(when)).holds.value();
}

TEST(Schedule, WindowsAreHalfOpen) {
  const Schedule peak = schedule({{"zone", "UTC"}, {"windows", {"01:00-04:00"}}});
  EXPECT_FALSE(holds(peak, "2026-08-25T00:59:59Z"));
  EXPECT_TRUE(holds(peak, "2026-08-25T01:00:00Z"));
  EXPECT_TRUE(holds(peak, "2026-08-25T03:59:59Z"));
  EXPECT_FALSE(holds(peak, "2026-08-25T04:00:00Z"));
}

TEST(Schedule, WindowsPassMidnight) {
  const Schedule night = schedule({{"zone", "UTC"}, {"windows", {"16:30-00:30"}}});
  EXPECT_TRUE(holds(night, "2025-03-01T16:30:00Z"));
  EXPECT_TRUE(holds(night, "2025-03-01T23:59:59Z"));
  EXPECT_TRUE(holds(night, "2025-03-02T00:29:59Z"));
  EXPECT_FALSE(holds(night, "2025-03-02T00:30:00Z"));
  EXPECT_FALSE(holds(night, "2025-03-02T16:29:59Z"));
}

// The weekday is that of the place, not of UTC: Beijing's Saturday begins on Friday 16:00 UTC.
TEST(Schedule, WeekdaysAreLocal) {
  const Schedule weekend = schedule({{"zone", "Asia/Shanghai"}, {"weekdays", {"sat", "sun"}}});
  EXPECT_FALSE(holds(weekend, "2026-08-28T15:59:59Z"));
  EXPECT_TRUE(holds(weekend, "2026-08-28T16:00:00Z"));
  EXPECT_TRUE(holds(weekend, "2026-08-30T15:59:59Z"));
  EXPECT_FALSE(holds(weekend, "2026-08-30T16:00:00Z"));
}

TEST(Schedule, ZonesKeepSummerTime) {
  const Schedule morning = schedule({{"zone", "America/New_York"}, {"windows", {"09:00-10:00"}}});
  EXPECT_TRUE(holds(morning, "2026-01-15T14:30:00Z"));
  EXPECT_FALSE(holds(morning, "2026-07-15T14:30:00Z"));
  EXPECT_TRUE(holds(morning, "2026-07-15T13:30:00Z"));
}

TEST(Schedule, HolidaysOutsideTheCalendarAreUnknown) {
  Calendars calendars;
  calendars["cn"] = calendar_from_json({{"from", "2026-01-01"},
                                        {"to", "2027-01-01"},
                                        {"days", {"2026-10-01..2026-10-07"}},
                                        {"source", "s"}},
                                       "t");
  nlohmann::json object{{"zone", "Asia/Shanghai"},
                        {"windows", {"09:00-12:00"}},
                        {"holidays", "cn"},
                        {"on_holidays", "never"}};
  const Schedule working = schedule(object);
  EXPECT_FALSE(holds(working, "2026-10-01T02:00:00Z", calendars));
  EXPECT_TRUE(holds(working, "2026-10-08T02:00:00Z", calendars));
  EXPECT_FALSE(schedule_at(working, calendars, at("2027-01-04T02:00:00Z")).holds.has_value());
  // Outside the window the holiday makes no difference.
  EXPECT_EQ(schedule_at(working, calendars, at("2027-01-04T12:00:00Z")).holds, false);
  object["on_holidays"] = "only";
  EXPECT_TRUE(holds(schedule(object), "2026-10-01T02:00:00Z", calendars));
}

// What `until` promises is true at every second of two weeks around a change of the clocks.
TEST(Schedule, AnswersStayUntilTheySay) {
  const Schedule odd = schedule({{"zone", "Europe/Berlin"},
                                 {"weekdays", {"sun", "mon", "thu"}},
                                 {"windows", {"01:30-02:45", "23:10-00:20"}}});
  const UnixSeconds from = at("2026-03-23");
  Holding held = schedule_at(odd, {}, from);
  for (UnixSeconds when = from; when < from + 14 * 86'400; when += 60) {
    const Holding now = schedule_at(odd, {}, when);
    ASSERT_GT(now.until, when);
    if (when < held.until) {
      ASSERT_EQ(now.holds, held.holds) << instant_text(when);
    } else {
      held = now;
    }
  }
}

TEST(Schedule, BeforeTheEpochToo) {
  const Schedule thursday = schedule({{"zone", "UTC"}, {"weekdays", {"wed"}}});
  EXPECT_TRUE(holds(thursday, "1969-12-31T23:59:59Z"));
  EXPECT_FALSE(holds(thursday, "1970-01-01"));
}

}  // namespace
}  // namespace pingjia::harness
