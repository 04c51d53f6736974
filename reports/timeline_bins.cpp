#include "reports/timeline_bins.h"

#include <algorithm>
#include <cmath>

#include "harness/money/cost.h"

namespace pingjia::reports {

using harness::Record;

namespace {

std::size_t bin_at(double at_s, double width, std::size_t count) {
  const double place = std::floor(at_s / width);
  return static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(count - 1)));
}

void add_flight(double begin, double end, double width, std::vector<TimelineBin>& bins) {
  for (std::size_t i = bin_at(begin, width, bins.size()); i < bins.size(); ++i) {
    if (bins[i].begin_s >= end) break;
    const double overlap = std::min(end, bins[i].end_s) - std::max(begin, bins[i].begin_s);
    bins[i].in_flight += std::max(0.0, overlap) / width;
  }
}

void add_tokens(const Record& record, const RunClock& clock, double width,
                std::vector<TimelineBin>& bins) {
  const auto tokens = record.completion.usage.total_output();
  if (!tokens || *tokens == 0) return;
  const auto& timeline = record.completion.timeline;
  std::int64_t events = 0;
  for (const auto& arrival : timeline.arrivals) events += arrival.events;
  const auto add = [&](harness::Nanos at, double share) {
    auto& bin = bins[bin_at(clock.at(record.session, at), width, bins.size())];
    bin.tokens_per_s += share * static_cast<double>(*tokens) / width;
  };
  if (events == 0) {
    add(timeline.done, 1);
    return;
  }
  for (const auto& arrival : timeline.arrivals) {
    add(arrival.at, static_cast<double>(arrival.events) / static_cast<double>(events));
  }
}

void add_power(std::span<const PowerSpan> power, TimelineBin& bin) {
  const double middle = (bin.begin_s + bin.end_s) / 2;
  int holding = 0;
  for (const auto& span : power) {
    if (middle < span.begin_s || middle > span.end_s) continue;
    bin.power_w = span.watts;
    ++holding;
  }
  // Which of several drew it, nobody knows.
  if (holding > 1) bin.power_w.reset();
}

}  // namespace

double RunClock::at(int session, harness::Nanos stamp) const {
  const auto found = sessions.find(session);
  if (found == sessions.end()) return 0;
  return found->second.at_s + harness::seconds(stamp - found->second.begin);
}

RunClock run_clock(std::span<const Record* const> records) {
  RunClock clock;
  for (const Record* record : records) {
    const harness::Busy busy = harness::busy_of(record->completion);
    if (busy.end == 0) continue;
    const auto [place, added] =
        clock.sessions.try_emplace(record->session, RunClock::Session{busy.begin, busy.end, 0});
    if (added) continue;
    place->second.begin = std::min(place->second.begin, busy.begin);
    place->second.end = std::max(place->second.end, busy.end);
  }
  for (auto& [number, session] : clock.sessions) {
    session.at_s = clock.length_s;
    clock.length_s += harness::seconds(session.end - session.begin);
  }
  return clock;
}

std::size_t bins_for(std::size_t requests) {
  return std::clamp<std::size_t>(requests / 3, 20, kMostBins);
}

std::vector<TimelineBin> timeline_bins(std::span<const Record* const> records,
                                       const RunClock& clock, std::span<const PowerSpan> power,
                                       double length_s, std::size_t count) {
  if (count == 0 || clock.length_s <= 0) return {};
  const double width = length_s / static_cast<double>(count);
  std::vector<TimelineBin> bins(count);
  for (std::size_t i = 0; i < count; ++i) {
    bins[i].begin_s = width * static_cast<double>(i);
    bins[i].end_s = width * static_cast<double>(i + 1);
    add_power(power, bins[i]);
  }
  for (const Record* record : records) {
    const harness::Busy busy = harness::busy_of(record->completion);
    if (busy.end == 0) continue;
    add_flight(clock.at(record->session, busy.begin), clock.at(record->session, busy.end), width,
               bins);
    add_tokens(*record, clock, width, bins);
    if (record->completion.failure) {
      ++bins[bin_at(clock.at(record->session, busy.end), width, count)].failures;
    }
  }
  return bins;
}

}  // namespace pingjia::reports
