#include "reports/html/hardware_controls.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/markup.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

namespace {

constexpr double kReach = 4;  // A slider of money ends at four times what the run paid.

/// One quantity that a reader may change: a slider and, for exact figures, a number.
struct Dial {
  std::string key;    ///< Of the page's state.
  std::string label;  ///< Markup.
  std::optional<double> value;
  double least = 0;
  double most = 1;
};

void write_dial(std::string& out, const Dial& dial) {
  const std::string value = dial.value ? fmt::format("{}", *dial.value) : "";
  out += fmt::format("<div class=\"dial\"><label for=\"dial-{0}\" id=\"dial-{0}-name\">{1}</label>",
                     dial.key, dial.label);
  out += fmt::format(
      "<input id=\"dial-{0}\" type=\"number\" data-state=\"{0}\" min=\"{1}\" step=\"any\" "
      "value=\"{2}\" inputmode=\"decimal\">",
      dial.key, dial.least, value);
  // Without a value a slider would make one up.
  if (dial.value) {
    out += fmt::format(
        "<input type=\"range\" data-state=\"{0}\" min=\"{1}\" max=\"{2}\" step=\"any\" "
        "value=\"{3}\" aria-labelledby=\"dial-{0}-name\">",
        dial.key, dial.least, dial.most, value);
  }
  out += "</div>\n";
}

Dial money(std::string key, std::string label, std::optional<double> usd) {
  const double middle = usd.value_or(0);
  return {std::move(key), std::move(label), usd, 0, middle > 0 ? kReach * middle : 1};
}

// Those under the group's first load come first: the chart begins with one of them.
std::vector<std::size_t> machines_of(const HardwareView& view, const ModelGroup& group) {
  std::vector<std::size_t> machines;
  for (const auto& load : loads_of(group)) {
    for (const auto& place : group.places) {
      if (place.api || place.load != load || !place.work.machine_hours) continue;
      const std::size_t machine = view.machine_of(place);
      if (std::find(machines.begin(), machines.end(), machine) == machines.end()) {
        machines.push_back(machine);
      }
    }
  }
  return machines;
}

void write_unit_choice(std::string& out) {
  out += fmt::format(
      "<fieldset class=\"filter\"><legend>{}</legend>"
      "<label><input type=\"radio\" name=\"hw-per\" data-state=\"per\" value=\"mtok\" checked> {}"
      "</label> <label><input type=\"radio\" name=\"hw-per\" data-state=\"per\" value=\"correct\"> "
      "{}</label></fieldset>\n",
      tr("Rankings by rent and load go by"), tr("price of tokens"), tr("cost of correct answers"));
}

struct Option {
  std::string value;
  std::string name;
};

// Where there is something to choose.
void write_choice(std::string& out, std::string_view label, const std::string& key,
                  const std::vector<Option>& options) {
  if (options.size() < 2) return;
  out += fmt::format("<label>{} <select data-state=\"{}\">", tr(label), key);
  for (const auto& option : options) {
    out +=
        fmt::format("<option value=\"{}\">{}</option>", escape(option.value), escape(option.name));
  }
  out += "</select></label> ";
}

}  // namespace

void write_price_controls(std::string& out, const HardwareView& view) {
  out += "<div class=\"dials\" id=\"hardware-dials\" role=\"group\" hidden>\n";
  for (std::size_t i = 0; i < view.machines.size(); ++i) {
    const RentedMachine& machine = view.machines[i];
    write_dial(out, money(fmt::format("rent-{}", i), tr("rent of {}, USD/h", {machine.name}),
                          machine.usd_per_hour));
  }
  for (std::size_t i = 0; i < view.apis.size(); ++i) {
    const Placement& api = *view.apis[i];
    const std::string name =
        api.label + (view.groups.size() > 1 ? ", " + visible(api.model) : std::string());
    write_dial(out, money(fmt::format("in-{}", i), tr("{}, input, USD/Mtok", {name}),
                          api.by_the_token.usd_per_mtok_input));
    write_dial(out, money(fmt::format("out-{}", i), tr("{}, output, USD/Mtok", {name}),
                          api.by_the_token.usd_per_mtok_output));
  }
  if (!view.machines.empty()) {
    write_dial(out, {"kwh", tr("electricity beyond the rent, USD/kWh"), 0, 0, 1});
    write_dial(out, {"pue", tr("PUE: facility over machine energy"), 1, 1, 2});
    write_dial(out, {"util", tr("share of the hours paid for that are used"), 1, 0.01, 1});
  }
  write_unit_choice(out);
  out += fmt::format(
      "<p><button type=\"button\" class=\"tool\" id=\"hardware-reset\">{}</button>"
      "</p></div>\n",
      tr("As the runs were priced"));
}

std::size_t first_machine(const HardwareView& view, const ModelGroup& group) {
  const auto machines = machines_of(view, group);
  return machines.empty() ? view.machines.size() : machines.front();
}

void write_group_controls(std::string& out, const HardwareView& view, std::size_t group) {
  std::vector<Option> machines;
  for (const std::size_t machine : machines_of(view, view.groups[group])) {
    machines.push_back({fmt::format("{}", machine), view.machines[machine].name});
  }
  std::vector<Option> loads;
  for (const auto& load : loads_of(view.groups[group])) loads.push_back({load, load});
  if (machines.size() < 2 && loads.size() < 2) return;
  out += "<p class=\"hw-choice\" hidden>";
  write_choice(out, "The rent that varies:", fmt::format("vary-{}", group), machines);
  write_choice(out, "under a load of", fmt::format("load-{}", group), loads);
  out += "</p>\n";
}

}  // namespace pingjia::reports
