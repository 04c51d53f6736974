#include <fmt/format.h>

#include <algorithm>

#include "reports/html/hardware.h"
#include "reports/svg/bars.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Metric;

namespace {

/// One figure of a group: a bar for each place.
struct Panel {
  const char* id;
  const char* tag;
  const char* title;
  const char* axis;      ///< Null: the column's own title.
  const char* revalued;  ///< Null: no price moves it.
};

constexpr Panel kPanels[] = {
    {"speed", "output_tokens_per_s", "Output tokens per second, all readers together", "tokens/s",
     nullptr},
    {"mtok", "usd_per_mtok_blended", "Price of a million tokens, input and output together",
     "$/Mtok", "usd_per_mtok"},
    {"correct", "usd_per_correct", "Cost of a correct answer", nullptr, "usd_per_correct"},
    {"joules", "energy_per_output_token", "Energy of an output token, input included",
     "J per output token", nullptr},
    {"hours", "machine_hours_per_million_correct", "Machine-hours for a million correct answers",
     "hours per 1M correct", "machine_hours_per_million_correct"}};

constexpr const char* kUnseen = "run by others on a machine that we do not see";
constexpr const char* kNoneRight = "no answer was right";

std::vector<const harness::SummaryRow*> rows_of(const ModelGroup& group) {
  std::vector<const harness::SummaryRow*> rows;
  for (const auto& place : group.places) rows.push_back(place.row);
  return rows;
}

std::optional<double> revalued(const Placement& place, const char* key) {
  const harness::Revaluation value = place.value();
  for (const auto& one : kRevalued) {
    if (std::string_view(one.key) == key) return value.*one.figure;
  }
  return std::nullopt;
}

// Why a place has no bar: of its prices, or of what the metric's maker says.
std::string why_unknown(const Placement& place, const Panel& panel) {
  if (panel.revalued != nullptr) {
    const harness::Revaluation value = place.value();
    const bool hours = std::string_view(panel.revalued).find("hours") != std::string_view::npos;
    if (place.api && hours) return kUnseen;
    if (!value.unknown.empty() && !(hours && place.work.machine_hours)) {
      return std::string(value.unknown);
    }
    return place.work.right > 0 ? "its tokens were not counted" : kNoneRight;
  }
  if (place.api && std::string_view(panel.tag) == "energy_per_output_token") return kUnseen;
  const Metric* metric = metric_of(*place.row, panel.tag);
  return metric == nullptr ? "the summary does not have it" : visible(metric->maker);
}

std::string unknown_places(const ModelGroup& group, const Panel& panel) {
  std::vector<std::pair<std::string, std::string>> reasons;  // With the places that have it.
  for (const auto& place : group.places) {
    const Metric* metric = metric_of(*place.row, panel.tag);
    if (metric != nullptr && metric->value) continue;
    const std::string why = why_unknown(place, panel);
    const auto known = std::find_if(reasons.begin(), reasons.end(),
                                    [&](const auto& reason) { return reason.first == why; });
    if (known == reasons.end()) {
      reasons.emplace_back(why, place.label);
    } else {
      known->second += ", " + place.label;
    }
  }
  std::string out;
  for (const auto& [why, places] : reasons) {
    out += (out.empty() ? tr("Not known here:") + " " : "; ") + tr("{}: {}", {places, why});
  }
  // The script says it again after a change of prices.
  return fmt::format("<span class=\"hw-unknown\">{}</span>", out);
}

Bar bar_of(const Placement& place, const Panel& panel, double factor) {
  Bar bar{place.label, place.one->series, {}, {}, {}};
  const Metric* metric = metric_of(*place.row, panel.tag);
  if (metric == nullptr || !metric->value) return bar;
  bar.value = *metric->value * factor;
  if (metric->low) bar.low = *metric->low * factor;
  if (metric->high) bar.high = *metric->high * factor;
  return bar;
}

std::string revalued_cell(const Placement& place, const char* key, const Column& column,
                          std::size_t index) {
  const auto value = revalued(place, key);
  return fmt::format("<td data-revalued=\"{}\" data-place=\"{}\"{}>{}</td>", key, index,
                     value ? fmt::format(" data-value=\"{}\"", *value) : "",
                     value ? format_value(column, *value) : std::string(kUnknown));
}

std::string panel_table(const ModelGroup& group, const Panel& panel, const Column& column,
                        const Column* gpu) {
  const bool energy = std::string_view(panel.id) == "mtok";
  std::string out =
      fmt::format("<table><thead><tr><th class=\"l\">{}</th><th>{}</th>", tr("place"),
                  panel.revalued == nullptr ? tr("measured") : tr("as the run was priced"));
  if (panel.revalued != nullptr) out += fmt::format("<th>{}</th>", tr("at these prices"));
  if (energy) out += fmt::format("<th>{}</th>", tr("share of electricity"));
  if (gpu != nullptr) {
    out += fmt::format("<th>{}</th><th>{}</th>", tr("GPU-hours"), tr("at these prices"));
  }
  out += "</tr></thead><tbody>";
  for (std::size_t i = 0; i < group.places.size(); ++i) {
    const Placement& place = group.places[i];
    out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>{}", place_name(place),
                       value_cell(column, *place.row));
    if (panel.revalued != nullptr) out += revalued_cell(place, panel.revalued, column, i);
    if (energy) out += revalued_cell(place, "energy_share", Column(), i);
    if (gpu != nullptr) {
      out += value_cell(*gpu, *place.row) +
             revalued_cell(place, "gpu_hours_per_million_correct", *gpu, i);
    }
    out += "</tr>";
  }
  return out + "</tbody></table>";
}

void write_panel(std::string& out, const ModelGroup& group, std::size_t index, const Panel& panel) {
  const auto rows = rows_of(group);
  Column column = column_for(panel.tag, rows);
  column.interval = true;
  const Column gpu = column_for("gpu_hours_per_million_correct", rows);
  const bool hours = std::string_view(panel.id) == "hours";
  std::vector<Bar> bars;
  bool any = false;
  for (const auto& place : group.places) {
    bars.push_back(bar_of(place, panel, column.factor));
    any = any || bars.back().value.has_value();
  }
  Figure figure;
  figure.id = fmt::format("hw-{}-{}", index, panel.id);
  figure.title = tr(panel.title);
  figure.aside = unknown_places(group, panel);
  if (any || panel.revalued != nullptr) {
    const std::string axis = panel.axis != nullptr ? panel.axis : column.title();
    figure.svg = bars_svg(bars, axis, bars_canvas(bars.size()));
  } else {
    figure.reason = "none of these places measured it.";
  }
  figure.table = panel_table(group, panel, column, hours ? &gpu : nullptr);
  std::string written;
  write_figure(written, figure);
  if (panel.revalued != nullptr) {
    // What the script draws again.
    const std::string mark =
        fmt::format("<figure data-group=\"{}\" data-bars=\"{}\" data-factor=\"{}\"", index,
                    panel.revalued, column.factor);
    written.replace(0, std::string_view("<figure").size(), mark);
  }
  out += written;
}

}  // namespace

void write_bar_figures(std::string& out, const HardwareView& view, std::size_t group) {
  for (const auto& panel : kPanels) write_panel(out, view.groups[group], group, panel);
}

}  // namespace pingjia::reports
