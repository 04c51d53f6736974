#include "reports/markdown.h"

#include <fmt/format.h>

#include "reports/columns.h"
#include "reports/contest.h"
#include "reports/kernel_cases.h"
#include "reports/kernel_lines.h"
#include "reports/notes.h"
#include "reports/verdict.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::RunView;
using harness::SummaryRow;

namespace {

// A comment holds 65,536 characters; notes are dropped before rows are.
constexpr std::size_t kMostTable = 48'000;
constexpr std::size_t kMostNotes = 12'000;
constexpr std::size_t kMostKernels = 4'000;  // Beside answers.

// Only these fit a comment's width.
constexpr std::string_view kCompact[] = {"accuracy",
                                         "parse_failed",
                                         "failed",
                                         "ttft_p50",
                                         "tpot_p50",
                                         "output_tokens_per_s",
                                         "usd_per_mtok_blended",
                                         "usd_per_correct"};

// Whatever Markdown or HTML would read as its own.
std::string escape_markdown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (std::string_view("|*_`[]\\~#@!").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::vector<Column> compact_columns(const std::vector<const SummaryRow*>& rows) {
  std::vector<Column> columns;
  for (const auto tag : kCompact) columns.push_back(column_for(tag, rows));
  return columns;
}

std::string header(const std::vector<Column>& columns) {
  std::string names = "| system | suite |";
  std::string rule = "|---|---|";
  for (const auto& column : columns) {
    names += " " + column.title() + " |";
    rule += "--:|";
  }
  return names + "\n" + rule + "\n";
}

std::string row_text(const Contestant& one, const SummaryRow& row,
                     const std::vector<Column>& columns) {
  std::string line = fmt::format("| {}{} | {} |", escape_markdown(one.label),
                                 row.test_double ? " (test double)" : "",
                                 escape_markdown(suite_title(visible(row.suite))));
  for (const auto& column : columns) line += " " + format_cell(column, row) + " |";
  return line + "\n";
}

std::string table_text(const std::vector<Contestant>& all, const std::vector<RunView>& runs) {
  const auto columns = compact_columns(rows_of(runs));
  std::string out = header(columns);
  std::size_t left_out = 0;
  const auto add = [&](const Contestant& one, const SummaryRow& row) {
    const std::string line = row_text(one, row, columns);
    out.size() + line.size() > kMostTable ? void(++left_out) : void(out += line);
  };
  for (const auto& one : all) {
    if (one.overall != nullptr && one.overall->suite == "*") add(one, *one.overall);
    for (const auto* row : one.suites) add(one, *row);
  }
  if (left_out > 0) out += fmt::format("\n{} more rows are in the report.\n", left_out);
  return out;
}

std::string notes_text(const std::vector<Note>& prices, const std::vector<Note>& others) {
  std::string out;
  for (const auto* list : {&prices, &others}) {
    for (const auto& note : *list) {
      const std::string line = "- " + escape_markdown(note_line(note)) + "\n";
      if (out.size() + line.size() < kMostNotes) out += line;
    }
  }
  return out;
}

// Beside answers kernels get what a short table takes.
std::string kernels_text(const std::vector<RunView>& runs) {
  std::string out;
  const std::size_t most = all_kernels_only(runs) ? kMostTable : kMostKernels;
  for (const auto& run : runs) {
    if (run.kernels) out += kernel_markdown(*run.kernels, most / runs.size(), escape_markdown);
  }
  return out;
}

}  // namespace

std::string write_markdown(const std::vector<RunView>& runs) {
  std::string out = "### pingjia";
  for (const auto& run : runs) out += " · " + escape_markdown(visible(run.name));
  out += "\n";
  if (all_kernels_only(runs)) return out + kernels_text(runs);
  const auto all = contestants(runs);
  const Verdict verdict = verdict_of(all);
  out += "\n**" + escape_markdown(verdict.headline.text()) + "**\n";
  for (const auto& line : verdict.findings) out += "\n" + escape_markdown(line.text()) + "\n";
  if (!all.empty()) out += "\n" + table_text(all, runs);
  out += kernels_text(runs);
  if (!verdict.undecided.empty()) out += "\nNot decided:\n\n";
  for (const auto& line : verdict.undecided) out += "- " + escape_markdown(line.text()) + "\n";
  const std::string notes = notes_text(price_notes(all), caveats(all, runs));
  if (!notes.empty()) {
    out += "\n<details><summary>Prices and notes</summary>\n\n" + notes + "\n</details>\n";
  }
  return out;
}

}  // namespace pingjia::reports
