#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/money/cost.h"
#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/svg/timeline.h"
#include "reports/visible.h"
#include "reports/words.h"

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

/// What is drawn of one system.
struct Shown {
  const Contestant* one = nullptr;
  Records records;
  RunClock clock;
};

// When the system's first request was sent, since the first of its run.
double began_s(const Shown& shown) {
  const auto& [number, session] = *shown.clock.sessions.begin();
  return run_clock(records_of(*shown.one->run, nullptr)).at(number, session.begin);
}

void write_timeline(std::string& out, const Shown& shown, double length_s, std::size_t bins) {
  const Contestant& one = *shown.one;
  const Timeline timeline{one.label, one.series,
                          timeline_bins(shown.records, shown.clock,
                                        power_of(one, shown.records, shown.clock), length_s, bins)};
  Figure figure;
  figure.id = figure_id("timeline-" + std::to_string(one.series));
  figure.title = name_with_mark(one);
  const TimeUnit unit = time_unit(length_s);
  if (timeline.bins.empty()) {
    figure.reason = "no request of it was sent.";
  } else {
    figure.subtitle =
        tr("From {} {} into the run", {significant(began_s(shown) * unit.per_second), unit.name});
    figure.svg = timeline_svg(timeline, timeline_canvas(has_power(timeline)));
    figure.table = table_of(timeline, unit);
  }
  write_figure(out, figure);
}

}  // namespace

void write_timeline_figures(std::string& out, const Page& page) {
  if (page.contestants.empty()) return;
  out += fmt::format("<h3>{}</h3>", tr("Over the time of the run"));
  out += paragraph("soft",
                   "Requests in flight, with a tick where some failed, and output tokens/s; power "
                   "where it was measured, as the mean of each suite. Each system's time counts "
                   "from its own first request, on one axis for all, and leaves out pauses between "
                   "sessions. Of a request that was retried only the last attempt is drawn.");
  out += "<div class=\"charts small\">";
  std::vector<Shown> all;
  double length_s = 0;
  std::size_t most = 0;
  for (const auto& one : page.contestants) {
    Shown shown{&one, records_of(*one.run, &one.system), {}};
    shown.clock = run_clock(shown.records);
    length_s = std::max(length_s, shown.clock.length_s);
    most = std::max(most, shown.records.size());
    all.push_back(std::move(shown));
  }
  for (const auto& shown : all) write_timeline(out, shown, length_s, bins_for(most));
  out += "</div>\n";
}

}  // namespace pingjia::reports
