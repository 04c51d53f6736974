#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/columns.h"
#include "reports/html/kernel_figures.h"
#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::KernelRow;
using harness::KernelTable;
using harness::RunView;

namespace {

std::string number(std::size_t value) {
  return fmt::format("{}", value);
}

std::string count(const KernelTable& table, KernelRow::Status status) {
  return number(static_cast<std::size_t>(
      std::count_if(table.rows.begin(), table.rows.end(),
                    [&](const KernelRow& row) { return row.status == status; })));
}

void write_legend(std::string& out, const std::vector<Implementation>& known) {
  out += "<ul class=\"legend\">";
  for (std::size_t i = 0; i < known.size(); ++i) {
    out += fmt::format("<li>{}</li>", name_with_mark(known[i], i));
  }
  out += "</ul>\n";
}

// "1.53× [0.98, 2.10]": the middle case, the worst and the best.
std::string lead_text(const KernelStanding& standing) {
  if (!standing.median_lead) return std::string(kUnknown);
  return fmt::format("{} <span class=\"ci\">[{}, {}]</span>", times_text(standing.median_lead),
                     significant(*standing.least_lead), significant(*standing.most_lead));
}

std::string value_attribute(const std::optional<double>& value) {
  return value ? fmt::format(" data-value=\"{}\"", *value) : "";
}

// A line per op and type: the answer before the figures.
void write_overview(std::string& out, const std::vector<KernelGroup>& groups) {
  out += fmt::format(
      "<div class=\"scroll\" tabindex=\"0\"><table class=\"kernels\"><thead><tr><th "
      "class=\"l\">{}</th><th class=\"l\">{}</th><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr>"
      "</thead><tbody>",
      tr("op"), tr("type"), tr("shapes measured"), tr("of the roof, median"),
      tr("faster than the best other"), tr("times as fast, median [worst, best]"));
  for (const auto& group : groups) {
    const auto standing = standing_of(all_cases({&group, 1}));
    const std::string faster = standing.compared == 0
                                   ? std::string(kUnknown)
                                   : fmt::format("{} / {}", standing.ahead, standing.compared);
    out += fmt::format(
        "<tr><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}</td><td>{}</td><td{}>{}</td>"
        "<td>{}</td><td{}>{}</td></tr>\n",
        shown(group.op), shown(group.type), standing.cases, value_attribute(standing.median_roof),
        percent_text(standing.median_roof), faster, value_attribute(standing.median_lead),
        lead_text(standing));
  }
  out += "</tbody></table></div>\n";
}

// Rows without a result; those of one implementation and reason together.
void write_missing(std::string& out, const KernelTable& table) {
  std::map<std::pair<KernelRow::Status, std::pair<std::string, std::string>>,
           std::vector<std::string>>
      missing;
  for (const auto& row : table.rows) {
    if (row.status == KernelRow::kOk) continue;
    missing[{row.status, {row.implementation, row.reason}}].push_back(kernel_row_name(row));
  }
  if (missing.empty()) return;
  out += fmt::format(
      "<h3>{}</h3>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"kernels\"><thead><tr><th "
      "class=\"l\">{}</th><th class=\"l\">{}</th><th class=\"l\">{}</th><th>{}</th><th "
      "class=\"l\">{}</th></tr></thead><tbody>",
      tr("Rows without a result"), tr("implementation"), tr("status"), tr("reason"), tr("rows"),
      tr("the first of them"));
  for (const auto& [key, names] : missing) {
    const auto& [status, what] = key;
    out += fmt::format(
        "<tr><th class=\"l\" scope=\"row\">{}</th><td class=\"l\">{}</td><td class=\"l why\">{}"
        "</td><td>{}</td><td class=\"l why\">{}</td></tr>\n",
        shown(what.first), tr(harness::kernel_status_name(status)), shown(what.second),
        names.size(), shown(names.front()));
  }
  out += "</tbody></table></div>\n";
}

void write_conditions(std::string& out, const KernelTable& table) {
  out += fmt::format("<h3>{}</h3>\n<dl>", tr("Roofs and machine"));
  for (const auto& roof : table.roofs) {
    out += fmt::format("<dt>{} {}</dt><dd>{}, {}</dd>", tr("roof"), shown(roof.name),
                       per_second_text(roof.value, roof.unit), shown(roof.maker));
  }
  for (const auto& [key, value] : table.context) {
    out += fmt::format("<dt>{}</dt><dd>{}</dd>", shown(key), shown(value));
  }
  out += "</dl>\n";
}

void write_table(std::string& out, const RunView& run, std::size_t place, bool name_it) {
  const KernelTable& table = *run.kernels;
  if (name_it) out += fmt::format("<h3>{}</h3>\n", shown(run.name));
  out += paragraph(
      "soft", "{} rows: {} measured, {} rejected, {} failed, {} absent.",
      {number(table.rows.size()), count(table, KernelRow::kOk), count(table, KernelRow::kRejected),
       count(table, KernelRow::kFailed), count(table, KernelRow::kAbsent)});
  const auto groups = kernel_groups(table);
  const auto known = implementations(table);
  write_overview(out, groups);
  write_legend(out, known);
  for (const auto& group : groups) {
    const auto id = figure_id(fmt::format("kernel-{}-{}-{}", place, group.op, group.type));
    write_kernel_figures(out, id, table, group, known);
  }
  write_missing(out, table);
  write_conditions(out, table);
}

}  // namespace

void write_kernel_headline(std::string& out, const Page& page) {
  std::vector<std::vector<KernelGroup>> groups;
  std::vector<const KernelCase*> cases;
  for (const auto& run : page.runs) {
    if (run.kernels) groups.push_back(kernel_groups(*run.kernels));
  }
  for (const auto& one : groups) {
    for (const auto* found : all_cases(one)) cases.push_back(found);
  }
  const auto standing = standing_of(cases);
  if (standing.compared > 0) {
    out += paragraph(
        "lead-text",
        "Our kernels are faster than the best other in {} of {} cases, {} times as "
        "fast in the middle one.",
        {number(standing.ahead), number(standing.compared), significant(*standing.median_lead)});
  } else {
    out += paragraph("lead-text", "{} cases measured; nothing to compare our kernels with.",
                     {number(standing.cases)});
  }
  if (standing.median_roof) {
    out += paragraph("soft",
                     "In the middle one of {} cases ours reach {} of the roof that limits them.",
                     {number(standing.cases), percent_text(standing.median_roof)});
  }
}

void write_kernels_section(std::string& out, const Page& page) {
  out += paragraph("soft",
                   "Single operations, each checked against a reference before it was timed. The "
                   "roof is the least time that the bandwidth or the rate measured on this machine "
                   "allows; a row above 102 % of it is rejected.");
  std::size_t place = 0;
  for (const auto& run : page.runs) {
    if (run.kernels) write_table(out, run, ++place, page.runs.size() > 1);
  }
}

}  // namespace pingjia::reports
