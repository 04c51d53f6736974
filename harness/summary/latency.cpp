#include "harness/summary/latency.h"

#include "harness/stats/quantile.h"

namespace pingjia::harness {

namespace {

std::int64_t events_of(const Timeline& timeline) {
  std::int64_t events = 0;
  for (const auto& arrival : timeline.arrivals) events += arrival.events;
  return events;
}

// Events that came in one read have gaps of zero, as a clock per event would have measured.
void add_gaps(const Timeline& timeline, std::vector<double>& gaps) {
  std::optional<Nanos> before;
  for (const auto& arrival : timeline.arrivals) {
    for (std::int32_t event = 0; event < arrival.events; ++event) {
      if (before) gaps.push_back(seconds(arrival.at - *before));
      before = arrival.at;
    }
  }
}

}  // namespace

// The text of an answer in one piece did not take no time to write: it was not watched.
std::optional<double> tpot_of(const Completion& completion) {
  const Timeline& timeline = completion.timeline;
  const auto output = completion.usage.total_output();
  if (!output || *output < 2 || !timeline.first_token || !timeline.last_token) return std::nullopt;
  if (events_of(timeline) < 2) return std::nullopt;
  return seconds(*timeline.last_token - *timeline.first_token) / static_cast<double>(*output - 1);
}

Distribution distribution_of(std::vector<double> values, bool independent) {
  Distribution distribution;
  distribution.n = static_cast<std::int64_t>(values.size());
  if (values.empty()) return distribution;
  const auto at = [&](double q) {
    Quantile result{quantile(values, q), std::nullopt};
    if (independent) result.interval = quantile_interval(values, q);
    return result;
  };
  distribution.p50 = at(0.5);
  if (distribution.n >= kMinSamplesForP99) distribution.p99 = at(0.99);
  return distribution;
}

Latencies latencies_of(std::span<const Record* const> answers) {
  std::vector<double> ttft;
  std::vector<double> ttft_sent;
  std::vector<double> tpot;
  std::vector<double> itl;
  std::vector<double> e2el;
  std::vector<double> lag;
  for (const Record* record : answers) {
    const Timeline& timeline = record->completion.timeline;
    e2el.push_back(seconds(timeline.done - timeline.due));
    lag.push_back(seconds(timeline.sent - timeline.due));
    if (timeline.first_token) {
      ttft.push_back(seconds(*timeline.first_token - timeline.due));
      ttft_sent.push_back(seconds(*timeline.first_token - timeline.sent));
    }
    if (const auto time = tpot_of(record->completion)) tpot.push_back(*time);
    add_gaps(timeline, itl);
  }
  return {distribution_of(std::move(ttft), true), distribution_of(std::move(ttft_sent), true),
          distribution_of(std::move(tpot), true),
          // Gaps of one answer are not independent of each other.
          distribution_of(std::move(itl), false), distribution_of(std::move(e2el), true),
          distribution_of(std::move(lag), true)};
}

}  // namespace pingjia::harness
