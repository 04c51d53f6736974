#include <fmt/format.h>

#include <algorithm>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/notes.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::SummaryRow;

namespace {

std::size_t count_in(const std::vector<Column>& columns, Block block) {
  std::size_t count = 0;
  for (const auto& column : columns) count += column.block == block ? 1 : 0;
  return count;
}

// The first column of a block carries the line that parts it from the block before.
bool starts_block(const std::vector<Column>& columns, std::size_t i) {
  return i == 0 || columns[i].block != columns[i - 1].block;
}

// Whether the table stands in a wide window without scrolling, by its longest cells; only then can
// its head stick to the window's top instead of a scrolled box's.
bool fits(const Page& page) {
  constexpr double kRoom = 1300;
  constexpr double kSystem = 150;
  constexpr double kPadding = 12;
  constexpr double kCharacter = 8;  // Of 12.8 px digits, and some air.
  double width = kSystem;
  for (const auto& column : page.columns) {
    std::size_t longest = 6;
    for (const auto* row : page.rows) {
      longest = std::max(longest, display_width(format_cell(column, *row)));
    }
    width += kPadding + kCharacter * static_cast<double>(longest);
  }
  return width <= kRoom;
}

std::string heading(const Column& column) {
  return column.unit.empty() ? tr(column.heading) : tr(column.heading) + ", " + escape(column.unit);
}

void write_head(std::string& out, const std::vector<Column>& columns) {
  out += "<thead><tr class=\"blocks\"><th></th>";
  for (const Block block : kBlocks) {
    out += fmt::format("<th class=\"b\" colspan=\"{}\" scope=\"colgroup\">{}</th>",
                       count_in(columns, block), tr(block_name(block)));
  }
  out += fmt::format("</tr><tr><th class=\"l\" scope=\"col\">{}</th>", tr("system"));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out += fmt::format("<th scope=\"col\"{}>{}</th>",
                       starts_block(columns, i) ? " class=\"b\"" : "", heading(columns[i]));
  }
  out += "</tr></thead>\n";
}

void write_row(std::string& out, const Contestant& one, const SummaryRow& row,
               const std::vector<Column>& columns) {
  out += fmt::format(
      "<tr data-run=\"{}\" data-system=\"{}\" data-suite=\"{}\"><th class=\"system\" "
      "scope=\"row\">{}"
      "<small>{}{}</small></th>",
      shown(one.run->name), shown(row.system), shown(row.suite), name_with_mark(one),
      tr(basis_words(row.price_basis)), row.test_double ? " · " + tr("test double") : "");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::string cell = value_cell(columns[i], row);
    if (starts_block(columns, i)) cell.insert(3, " class=\"b\"");
    out += cell;
  }
  out += "</tr>\n";
}

void write_group(std::string& out, const Page& page, const std::string& suite) {
  std::string rows;
  for (const auto& one : page.contestants) {
    const SummaryRow* row = one.row(suite);
    // The overall row of a system with a single suite may be that suite's own.
    if (row != nullptr && row->suite == suite) write_row(rows, one, *row, page.columns);
  }
  if (rows.empty()) return;
  out += fmt::format(
      "<tbody><tr><th class=\"suite\" colspan=\"{}\" scope=\"rowgroup\">{}</th></tr>\n{}"
      "</tbody>\n",
      page.columns.size() + 1, suite == "*" ? tr("all suites") : shown(suite), rows);
}

}  // namespace

void write_summary_section(std::string& out, const Page& page) {
  if (page.rows.empty()) {
    out += paragraph("reason", "No results: nothing was asked, or no answer has been scored.");
    return;
  }
  out +=
      paragraph("soft",
                "One row per system and suite. Brackets hold 95 % intervals; TTFT counts from when "
                "a request was due; — is unknown, and the notes say why.");
  out += fmt::format(
      "<div class=\"summary-scroll{}\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"Summary table\"><table class=\"summary\">\n",
      fits(page) ? " fits" : "");
  write_head(out, page.columns);
  write_group(out, page, "*");
  for (const auto& suite : page.suites) write_group(out, page, suite);
  out += "</table></div>\n";
}

}  // namespace pingjia::reports
