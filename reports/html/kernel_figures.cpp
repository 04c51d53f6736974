#include "reports/html/kernel_figures.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/columns.h"
#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/svg/heat_map.h"
#include "reports/svg/mark.h"
#include "reports/svg/roofline.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::KernelRow;
using harness::KernelTable;

namespace {

constexpr std::size_t kMostHeatRows = 40;

std::size_t series_of(const std::vector<Implementation>& known, const KernelRow& row) {
  const auto found = std::find_if(known.begin(), known.end(),
                                  [&](const auto& one) { return one.name == row.implementation; });
  return static_cast<std::size_t>(found - known.begin());
}

bool is_point(const KernelRow& row) {
  return row.status == KernelRow::kOk && row.seconds && row.flops > 0 && row.bytes > 0;
}

// Bandwidths, and the rates that limit a row of this group or bear its type's name.
std::vector<RooflineRoof> roofs_of(const KernelTable& table, const KernelGroup& group) {
  const auto matters = [&](const std::string& name) {
    if (name == group.type) return true;
    const auto limits = [&](const KernelCase& one) {
      return std::any_of(one.rows.begin(), one.rows.end(),
                         [&](const KernelRow* row) { return row->roof == name; });
    };
    return std::any_of(group.cases.begin(), group.cases.end(), limits);
  };
  std::vector<RooflineRoof> roofs;
  for (const auto& roof : table.roofs) {
    if (!roof.is_bandwidth() && !matters(roof.name)) continue;
    roofs.push_back({visible(roof.name), roof.value, roof.is_bandwidth()});
  }
  return roofs;
}

std::string number_cell(const std::optional<double>& value, const std::string& text) {
  if (!value) return fmt::format("<td>{}</td>", kUnknown);
  return fmt::format("<td data-value=\"{}\">{}</td>", *value, text);
}

std::string time_cell(const KernelRow& row) {
  if (!row.seconds) return fmt::format("<td>{}</td>", kUnknown);
  if (!row.seconds->has_interval()) {
    const std::int64_t samples = row.seconds->samples;
    const std::string count =
        samples == 1 ? tr("one sample") : tr("{} samples", {std::to_string(samples)});
    return fmt::format("<td data-value=\"{}\">{} <span class=\"ci\">({})</span></td>",
                       row.seconds->median, time_text(row.seconds->median), count);
  }
  return fmt::format(
      "<td data-value=\"{}\" data-low=\"{}\" data-high=\"{}\" title=\"{} samples\">{} <span "
      "class=\"ci\">[{}, {}]</span></td>",
      row.seconds->median, row.seconds->low, row.seconds->high, row.seconds->samples,
      time_text(row.seconds->median), time_text(row.seconds->low), time_text(row.seconds->high));
}

std::string rate_cell(const KernelRow& row, double amount, const std::string& text) {
  if (text.empty()) return number_cell(std::nullopt, "");
  return number_cell(amount / row.seconds->median, text);
}

std::string status_text(const KernelRow& row) {
  if (row.status == KernelRow::kOk) return tr("measured");
  return tr(harness::kernel_status_name(row.status)) + ": " + shown(row.reason);
}

std::string row_line(const KernelCase& one, const KernelRow& row,
                     const std::vector<Implementation>& known) {
  const std::size_t series = series_of(known, row);
  const auto lead = one.lead(row);
  std::string line = fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}</td>",
                                 shown(one.label), name_with_mark(known[series], series));
  line += time_cell(row) + rate_cell(row, row.flops, flops_text(row)) +
          rate_cell(row, row.bytes, bytes_text(row));
  line += number_cell(row.roof_fraction, percent_text(row.roof_fraction));
  line += fmt::format("<td class=\"l\">{}</td>", row.roof ? shown(*row.roof) : "");
  line += number_cell(lead, times_text(lead));
  return line + fmt::format("<td class=\"l why\">{}</td></tr>\n", status_text(row));
}

std::string table_of(const KernelGroup& group, const std::vector<Implementation>& known) {
  std::string out = fmt::format(
      "<table class=\"kernel-rows\"><thead><tr><th class=\"l\">{}</th><th "
      "class=\"l\">{}</th><th>{}</th><th>FLOP/s</th>"
      "<th>B/s</th><th>{}</th><th class=\"l\">{}</th><th>{}</th><th class=\"l\">{}</th></tr>"
      "</thead><tbody>",
      group.varying.empty() ? tr("shape") : shown(group.varying), tr("implementation"),
      tr("time, median [95 %]"), tr("of the roof"), tr("roof"), tr("against the best other"),
      tr("result"));
  for (const auto& one : group.cases) {
    for (const auto* row : one.rows) out += row_line(one, *row, known);
  }
  return out + "</tbody></table>";
}

Figure roofline_figure(const std::string& id, const KernelTable& table, const KernelGroup& group,
                       const std::vector<Implementation>& known) {
  Figure figure;
  figure.id = id + "-roofline";
  figure.title = tr("{} in {}: how close to the roofs", {visible(group.op), visible(group.type)});
  figure.subtitle = tr("Filled marks: ours; hollow ones: others.");
  Roofline roofline{{}, roofs_of(table, group)};
  for (const auto& one : group.cases) {
    for (const auto* row : one.rows) {
      if (!is_point(*row)) continue;
      roofline.points.push_back({visible(row->implementation) + ", " + one.label,
                                 series_of(known, *row), row->ours, row->flops / row->bytes,
                                 row->flops / row->seconds->median, row->flops / row->seconds->high,
                                 row->flops / row->seconds->low});
    }
  }
  figure.table = table_of(group, known);
  if (roofline.points.empty()) {
    figure.reason = "no row has both a result and arithmetic to count.";
    return figure;
  }
  for (const auto& canvas : {kWide, kNarrow}) figure.svg += roofline_svg(roofline, canvas);
  return figure;
}

HeatCell heat_cell(const KernelCase& one, const KernelRow& row) {
  const std::string name = fmt::format("{}, {}: ", visible(row.implementation), one.label);
  if (row.status != KernelRow::kOk) {
    const bool absent = row.status == KernelRow::kAbsent;
    return {std::nullopt,
            absent                             ? "–"
            : row.status == KernelRow::kFailed ? "!"
                                               : "✗",
            name + harness::kernel_status_name(row.status) + ": " + visible(row.reason)};
  }
  if (!row.roof_fraction) return {std::nullopt, "?", name + time_text(row.seconds->median)};
  return {row.roof_fraction, fmt::format("{:.0f}", 100 * *row.roof_fraction),
          fmt::format("{}{} of the roof {}, {}", name, percent_text(row.roof_fraction),
                      visible(row.roof.value_or("")), time_text(row.seconds->median))};
}

// Only implementations that some case of the group has, absent ones aside: an empty column says
// nothing that the list of absent rows does not.
std::vector<std::size_t> present(const KernelGroup& group,
                                 const std::vector<Implementation>& known) {
  std::vector<std::size_t> list;
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto has = [&](const KernelCase& one) {
      return std::any_of(one.rows.begin(), one.rows.end(), [&](const KernelRow* row) {
        return row->implementation == known[i].name && row->status != KernelRow::kAbsent;
      });
    };
    if (std::any_of(group.cases.begin(), group.cases.end(), has)) list.push_back(i);
  }
  return list;
}

const KernelRow* row_by(const KernelCase& one, const std::string& implementation) {
  for (const auto* row : one.rows) {
    if (row->implementation == implementation) return row;
  }
  return nullptr;
}

std::string heat_table(const KernelGroup& group, const std::vector<std::size_t>& columns,
                       const std::vector<Implementation>& known) {
  std::string out = fmt::format("<table><thead><tr><th class=\"l\">{}</th>",
                                group.varying.empty() ? tr("shape") : shown(group.varying));
  for (const std::size_t i : columns) {
    out += fmt::format("<th scope=\"col\">{}</th>", name_with_mark(known[i], i));
  }
  out += "</tr></thead><tbody>";
  for (const auto& one : group.cases) {
    out += fmt::format("<tr><th class=\"l\" scope=\"row\">{}</th>", shown(one.label));
    for (const std::size_t i : columns) {
      const KernelRow* row = row_by(one, known[i].name);
      const bool ok = row != nullptr && row->status == KernelRow::kOk;
      const auto share = ok ? row->roof_fraction : std::nullopt;
      out += number_cell(share, percent_text(share));
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table>";
}

Figure heat_figure(const std::string& id, const KernelGroup& group,
                   const std::vector<Implementation>& known) {
  Figure figure;
  figure.id = id + "-heat";
  figure.title = tr("Percent of the roof, shape by shape");
  figure.subtitle = tr("✗ rejected, ! failed its check, – not on this machine, ? no roof known.");
  const auto columns = present(group, known);
  if (columns.empty()) {
    figure.reason = "no row has a result.";
    return figure;
  }
  HeatMap map{group.varying.empty() ? group.fixed : group.varying, {}, {}};
  for (const std::size_t i : columns) {
    map.columns.push_back({visible(known[i].name), i, known[i].ours});
  }
  for (std::size_t c = 0; c < std::min(kMostHeatRows, group.cases.size()); ++c) {
    HeatRow line{group.cases[c].label, {}};
    for (const std::size_t i : columns) {
      const KernelRow* row = row_by(group.cases[c], known[i].name);
      line.cells.push_back(row == nullptr ? std::nullopt
                                          : std::optional(heat_cell(group.cases[c], *row)));
    }
    map.rows.push_back(std::move(line));
  }
  figure.svg = heat_map_svg(map, kWide.width, kWide.kind);
  figure.svg += heat_map_svg(map, kNarrow.width, kNarrow.kind);
  if (group.cases.size() > kMostHeatRows) {
    figure.aside = tr("{} more shapes stand in the table.",
                      {fmt::format("{}", group.cases.size() - kMostHeatRows)});
  }
  figure.table = heat_table(group, columns, known);
  return figure;
}

}  // namespace

std::string name_with_mark(const Implementation& one, std::size_t series) {
  return fmt::format("<span class=\"{}\">{} {}</span>", one.ours ? "ours" : "other",
                     mark_icon(series), shown(one.name));
}

void write_kernel_figures(std::string& out, const std::string& id, const KernelTable& table,
                          const KernelGroup& group, const std::vector<Implementation>& known) {
  out += fmt::format("<h3>{} · {}</h3>\n", shown(group.op), shown(group.type));
  if (!group.fixed.empty()) out += fmt::format("<p class=\"soft\">{}</p>\n", escape(group.fixed));
  out += "<div class=\"charts\">";
  write_figure(out, roofline_figure(id, table, group, known));
  write_figure(out, heat_figure(id, group, known));
  out += "</div>\n";
}

}  // namespace pingjia::reports
