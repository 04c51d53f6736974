#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/svg/speed_frontier.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Metric;
using harness::SummaryRow;

namespace {

constexpr const char* kPerUser = "output_tokens_per_s_per_user";
// Of a machine: all that it costs over output tokens.
constexpr const char* kWholeCost = "usd_per_mtok_output_double_charged";

/// By what a machine's speed is divided.
struct Device {
  const char* id;
  const char* tag;
  const char* title;
  const char* axis;
  const char* hour;
};

constexpr Device kDevices[] = {
    {"frontier-gpu", "output_tokens_per_s_per_gpu",
     "What a GPU gives: to one reader, and to all of them", "tokens/s per GPU", "GPU-hour"},
    {"frontier-core", "output_tokens_per_s_per_core",
     "Without GPU: what a core gives, to one reader and to all of them",
     "tokens/s per core (no GPU)", "core-hour"}};

std::optional<double> value_of(const SummaryRow* row, const char* tag) {
  const Metric* metric = row == nullptr ? nullptr : metric_of(*row, tag);
  if (metric == nullptr || !metric->value || *metric->value <= 0) return std::nullopt;
  return metric->value;
}

bool has_point(const SummaryRow* row, const Device& device) {
  return value_of(row, device.tag) && value_of(row, kPerUser);
}

// USD per hour of the device, as the row's cost says; the line of equal cost at 1 token/s.
std::optional<double> usd_per_hour(const SummaryRow* row, const Device& device) {
  const auto usd_per_mtok = value_of(row, kWholeCost);
  const auto speed = value_of(row, device.tag);
  if (!usd_per_mtok || !speed) return std::nullopt;
  return *usd_per_mtok * *speed * 3600 / 1e6;
}

bool same_rate(double a, double b) {
  return std::abs(a - b) <= 0.005 * std::max(a, b);
}

// The rate that most of the systems pay, the first of equals; nothing where none is known.
std::optional<double> usual_rate(const std::vector<const Contestant*>& systems,
                                 const Device& device) {
  std::vector<double> rates;
  for (const auto* one : systems) {
    if (const auto rate = usd_per_hour(one->overall, device)) rates.push_back(*rate);
  }
  const auto payers = [&](double rate) {
    return std::count_if(rates.begin(), rates.end(),
                         [rate](double other) { return same_rate(rate, other); });
  };
  const auto usual = std::max_element(rates.begin(), rates.end(),
                                      [&](double a, double b) { return payers(a) < payers(b); });
  return usual == rates.end() ? std::nullopt : std::optional(*usual);
}

SpeedPoint point_of(const Contestant& one, const SummaryRow& row, const Device& device,
                    double factor) {
  SpeedPoint point;
  point.whole = &row == one.overall;
  point.label = one.label + (point.whole ? "" : " · " + visible(row.suite));
  point.series = one.series;
  const Metric* user = metric_of(row, kPerUser);
  point.per_user = *user->value;
  point.per_user_low = user->low;
  point.per_user_high = user->high;
  point.per_device = *value_of(&row, device.tag) * factor;
  return point;
}

std::vector<const Contestant*> systems_of(const Page& page, const Device& device) {
  std::vector<const Contestant*> systems;
  for (const auto& one : page.contestants) {
    if (has_point(one.overall, device)) systems.push_back(&one);
  }
  return systems;
}

std::vector<const SummaryRow*> rows_of(const Contestant& one) {
  std::vector<const SummaryRow*> rows{one.overall};
  for (const auto* row : one.suites) {
    if (row != one.overall) rows.push_back(row);
  }
  return rows;
}

std::string table_of(const Page& page, const std::vector<const Contestant*>& systems,
                     const Device& device) {
  Column user = column_for(kPerUser, page.rows);
  user.interval = true;
  const Column speed = column_for(device.tag, page.rows);
  const Column cost = column_for(kWholeCost, page.rows);
  std::string out = fmt::format(
      "<table><thead><tr><th class=\"l\">{}</th><th class=\"l\">{}</th><th>{}</th><th>{}</th>"
      "<th>{}</th></tr></thead><tbody>",
      tr("system"), tr("suite"), tr("tokens/s per user"), tr(device.axis),
      tr("$/Mtok output, whole machine"));
  for (const auto* one : systems) {
    for (const auto* row : rows_of(*one)) {
      out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}</td>{}{}{}",
                         name_with_mark(*one), shown(suite_title(row->suite)),
                         value_cell(user, *row), value_cell(speed, *row), value_cell(cost, *row));
      out += "</tr>\n";
    }
  }
  return out + "</tbody></table>";
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

// At which rate the lines hold, and who pays another.
std::string about_lines(const std::vector<const Contestant*>& systems, const Device& device,
                        double rate) {
  std::vector<std::string> others;
  for (const auto* one : systems) {
    const auto own = usd_per_hour(one->overall, device);
    if (!own || !same_rate(*own, rate)) others.push_back(one->label);
  }
  std::string out = tr("Dotted lines: cost of a million output tokens at ${} per {}.",
                       {significant(rate), device.hour});
  if (!others.empty()) {
    out +=
        " " + tr("Another rate, or none, for: {}; the table has their own cost.", {joined(others)});
  }
  return out;
}

// Systems on neither chart.
std::string about_absent(const Page& page) {
  std::vector<std::string> rented;
  std::vector<std::string> unknown;
  for (const auto& one : page.contestants) {
    const bool shown = std::any_of(std::begin(kDevices), std::end(kDevices),
                                   [&](const auto& by) { return has_point(one.overall, by); });
    if (shown) continue;
    const bool api = one.overall != nullptr && one.overall->price_basis == "api";
    (api ? rented : unknown).push_back(one.label);
  }
  std::string out;
  if (!rented.empty()) {
    out += tr("Not on the chart, run by others on machines we do not see: {}.", {joined(rented)});
  }
  if (!unknown.empty()) {
    out += (out.empty() ? "" : " ") +
           tr("Not on the chart, machine or speed unknown: {}.", {joined(unknown)});
  }
  return out;
}

void write_frontier(std::string& out, const Page& page, const Device& device,
                    const std::vector<const Contestant*>& systems, const std::string& absent) {
  SpeedFrontier speed;
  double most = 0;
  for (const auto* one : systems) {
    for (const auto* row : rows_of(*one)) {
      most = std::max(most, value_of(row, device.tag).value_or(0));
    }
  }
  const double factor = most >= 5000 ? 1e-3 : 1;
  for (const auto* one : systems) {
    for (const auto* row : rows_of(*one)) {
      if (has_point(row, device)) speed.points.push_back(point_of(*one, *row, device, factor));
    }
  }
  speed.x_title = "tokens/s per user";
  speed.y_title = (factor == 1 ? "" : "1,000 ") + std::string(device.axis);
  const auto rate = usual_rate(systems, device);
  if (rate) speed.usd_per_mtok_at_one = *rate * factor * 1e6 / 3600;
  Figure figure;
  figure.id = device.id;
  figure.title = tr(device.title);
  figure.subtitle = tr("Large marks: all suites; small ones: one suite each.");
  for (const auto& canvas : {kWide, kNarrow}) figure.svg += speed_frontier_svg(speed, canvas);
  if (rate) figure.aside = about_lines(systems, device, *rate);
  if (!absent.empty()) figure.aside += (figure.aside.empty() ? "" : " ") + absent;
  figure.table = table_of(page, systems, device);
  write_figure(out, figure);
}

std::string why_none(const Page& page) {
  if (page.contestants.empty()) return "the run has no results.";
  if (const std::string why = why_nothing_came(page.contestants); !why.empty()) return why + ".";
  return "no system has both a machine that we know and a timed stream of tokens.";
}

void write_frontiers(std::string& out, const Page& page) {
  const std::string absent = about_absent(page);
  bool any = false;
  for (const auto& device : kDevices) {
    const auto systems = systems_of(page, device);
    if (systems.empty()) continue;
    write_frontier(out, page, device, systems, any ? "" : absent);
    any = true;
  }
  if (any) return;
  Figure figure;
  figure.id = kDevices[0].id;
  figure.title = tr(kDevices[0].title);
  figure.reason = why_none(page);
  write_figure(out, figure);
}

}  // namespace

void write_speed_section(std::string& out, const Page& page) {
  out += paragraph("soft",
                   "A machine serves many readers at once: the more, the cheaper a token and the "
                   "slower each reader's answer. Speed per user is 1 / TPOT p50, the median answer "
                   "after its first token; speed per GPU or core is all output tokens over the "
                   "machine's serving time.");
  out += "<div class=\"charts\">";
  write_frontiers(out, page);
  out += "</div>\n";
  write_latency_figures(out, page);
  write_timeline_figures(out, page);
}

}  // namespace pingjia::reports
