#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/money/cost.h"
#include "reports/html/sections.h"
#include "reports/html/words.h"
#include "reports/markup.h"
#include "reports/svg/timeline.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Record;

namespace {

using Records = std::vector<const Record*>;

Records records_of(const harness::RunView& run, const std::string* system) {
  Records records;
  for (const auto& sample : run.samples) {
    if (system == nullptr || sample.record.key.system == *system) records.push_back(&sample.record);
  }
  return records;
}

// Where a suite's records stand on the axis, a stretch for each session, with the suite's power.
void add_spans(const Records& records, const harness::SummaryRow& row, double watts,
               const RunClock& clock, std::vector<PowerSpan>& spans) {
  for (const auto& [number, session] : clock.sessions) {
    PowerSpan span{std::numeric_limits<double>::max(), 0, watts};
    for (const Record* record : records) {
      const harness::Busy busy = harness::busy_of(record->completion);
      if (record->session != number || record->key.suite != row.suite || busy.end == 0) continue;
      span.begin_s = std::min(span.begin_s, clock.at(number, busy.begin));
      span.end_s = std::max(span.end_s, clock.at(number, busy.end));
    }
    if (span.end_s > span.begin_s) spans.push_back(span);
  }
}

// Energy was measured by suite: its mean over the suite's window is all that is known of power.
std::vector<PowerSpan> power_of(const Contestant& one, const Records& records,
                                const RunClock& clock) {
  std::vector<PowerSpan> spans;
  for (const auto* row : one.suites) {
    const harness::Metric* power = metric_of(*row, "average_power");
    if (power != nullptr && power->value) add_spans(records, *row, *power->value, clock, spans);
  }
  return spans;
}

std::string table_of(const Timeline& timeline, const TimeUnit& unit) {
  const bool power = has_power(timeline);
  std::string out = fmt::format(
      "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th>{}</tr></thead><tbody>",
      tr("from, {}", {unit.name}), tr("in flight"), tr("output tokens/s"), tr("failures"),
      power ? "<th>" + tr("power, W") + "</th>" : "");
  for (const auto& bin : timeline.bins) {
    if (bin.empty() && !bin.power_w) continue;
    out += fmt::format("<tr><td>{}<td>{}<td>{}<td>{}", significant(bin.begin_s * unit.per_second),
                       significant(bin.in_flight), significant(bin.tokens_per_s), bin.failures);
    if (power) out += "<td>" + (bin.power_w ? significant(*bin.power_w) : std::string(kUnknown));
    out += '\n';
  }
  return out + "</tbody></table>";
}

void write_timeline(std::string& out, const Contestant& one, const RunClock& clock,
                    std::size_t bins) {
  const Records records = records_of(*one.run, &one.system);
  const Timeline timeline{
      one.label, one.series,
      timeline_bins(records, clock, power_of(one, records, clock), std::max<std::size_t>(bins, 1))};
  Figure figure;
  figure.id = figure_id("timeline-" + std::to_string(one.series));
  figure.title = name_with_mark(one);
  const bool any = std::any_of(timeline.bins.begin(), timeline.bins.end(),
                               [](const TimelineBin& bin) { return !bin.empty(); });
  if (any) {
    figure.svg = timeline_svg(timeline, timeline_canvas(has_power(timeline)));
    figure.table = table_of(timeline, time_unit(clock.length_s));
  } else {
    figure.reason = "no request of it was sent.";
  }
  write_figure(out, figure);
}

}  // namespace

void write_timeline_figures(std::string& out, const Page& page) {
  if (page.contestants.empty()) return;
  out += fmt::format("<h3>{}</h3>", tr("Over the time of the run"));
  out += paragraph("soft",
                   "Requests in flight, with a tick where some failed, and output tokens/s; power "
                   "where it was measured, as the mean of each suite. All systems of a run share "
                   "its time axis, which leaves out pauses between sessions. Of a request that was "
                   "retried only the last attempt is drawn.");
  out += "<div class=\"charts small\">";
  const harness::RunView* run = nullptr;
  RunClock clock;
  std::size_t bins = 0;
  for (const auto& one : page.contestants) {
    if (one.run != run) {
      run = one.run;
      clock = run_clock(records_of(*run, nullptr));
      bins = bins_for(run->samples.size());
    }
    write_timeline(out, one, clock, bins);
  }
  out += "</div>\n";
}

}  // namespace pingjia::reports
