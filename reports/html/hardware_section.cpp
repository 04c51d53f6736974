#include <fmt/format.h>

#include "reports/html/hardware.h"
#include "reports/html/hardware_controls.h"
#include "reports/html/script.h"
#include "reports/markup.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

std::string load_of(const Placement& place) {
  if (place.in_flight) return tr("{} in flight", {fmt::format("{}", *place.in_flight)});
  return place.load.empty() ? std::string(kUnknown) : escape(place.load);
}

void write_places(std::string& out, const ModelGroup& group) {
  std::vector<const harness::SummaryRow*> rows;
  for (const auto& place : group.places) rows.push_back(place.row);
  Column accuracy = column_for("accuracy", rows);
  const Column rate = column_for("machine_rate", rows);
  const Column input = column_for("usd_per_mtok_input", rows);
  const Column output = column_for("usd_per_mtok_output", rows);
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"hw-places\"><thead><tr><th class=\"l\">"
      "{}</th><th class=\"l\">{}</th><th class=\"l\">{}</th><th>{}</th><th>{}</th><th>{}</th>"
      "<th>{}</th></tr></thead><tbody>",
      tr("place"), tr("system"), tr("load"), tr("accuracy"), tr("$ per machine hour"),
      tr("$/Mtok input"), tr("$/Mtok output"));
  for (const auto& place : group.places) {
    out += fmt::format(
        "<tr data-run=\"{}\"><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}{}{}</td>"
        "<td class=\"l\">{}</td>{}{}{}{}</tr>",
        shown(place.one->run->name), place_name(place), escape(place.one->label),
        place.one->test_double ? " · " + tr("test double") : "",
        place.owned ? " · " + tr("owned, its electricity is in the hour") : "", load_of(place),
        value_cell(accuracy, *place.row), value_cell(rate, *place.row),
        value_cell(input, *place.row), value_cell(output, *place.row));
  }
  out += "</tbody></table></div>\n";
}

void write_caveats(std::string& out, const ModelGroup& group) {
  if (!group.same_weights) {
    out += paragraph("soft",
                     "Two files of weights go by this name, such as two quantisations: look at "
                     "their accuracies before their prices.");
  }
  if (group.suite != "*") {
    out += paragraph("soft", "The systems ran different suites: this is of {} alone.",
                     {visible(group.suite)});
  }
}

void write_group(std::string& out, const Page& page, const HardwareView& view, std::size_t index) {
  const ModelGroup& group = view.groups[index];
  out += fmt::format("<h3>{}</h3>\n", shown(group.model));
  if (group.suite.empty()) {
    out += paragraph("reason", "No comparison: no suite was run in all of these places.");
    return;
  }
  const CostUnit unit = cost_unit(harness::Per::kMtok, page);
  write_standing(out, view, index, unit);
  write_caveats(out, group);
  write_places(out, group);
  out += "<div class=\"charts small\">";
  write_bar_figures(out, view, index);
  out += "</div>\n";
  write_group_controls(out, view, index);
  out += "<div class=\"charts\">";
  write_rent_figure(out, view, index, first_machine(view, group), unit);
  write_load_figure(out, view, index, unit);
  out += "</div>\n";
}

void write_test_doubles(std::string& out, const HardwareView& view) {
  for (const auto& group : view.groups) {
    for (const auto& place : group.places) {
      if (!place.one->test_double) continue;
      out += paragraph("soft",
                       "⚠ Test doubles are among these places: their figures are made up, and "
                       "measure no machine.");
      return;
    }
  }
}

}  // namespace

void write_hardware_section(std::string& out, const Page& page) {
  const HardwareView view = hardware_view(page);
  if (view.groups.empty()) {
    out += paragraph("reason",
                     "No comparison of machines: no model stands in two places here. Run the same "
                     "file on another machine, or put the same model behind an API beside it, and "
                     "pass all run directories to pingjia report.");
    return;
  }
  out += paragraph("soft",
                   "The same model in several places. Speed, energy and answers are what was "
                   "measured; prices are what can change: move them below, and every cost on this "
                   "part of the page follows by the formulas of the method section.");
  write_test_doubles(out, view);
  write_price_controls(out, view);
  for (std::size_t i = 0; i < view.groups.size(); ++i) write_group(out, page, view, i);
  out += data_block("hardware-data", hardware_json(view, page));
}

}  // namespace pingjia::reports
