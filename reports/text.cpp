#include "reports/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "reports/columns.h"
#include "reports/contest.h"
#include "reports/kernel_cases.h"
#include "reports/kernel_lines.h"
#include "reports/notes.h"
#include "reports/text_grid.h"
#include "reports/verdict.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::RunView;
using harness::SummaryRow;

namespace {

constexpr std::size_t kWidth = 118;
constexpr std::size_t kNameWidths[] = {28, 20, 14, 10};  // The first with which a block fits.

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

// Suite by suite, the whole first: systems are compared on the same questions.
std::vector<const SummaryRow*> rows_of_run(const RunView& run) {
  std::vector<const SummaryRow*> rows;
  std::vector<std::string> suites{"*"};
  for (const auto& row : run.summary.rows) {
    if (std::find(suites.begin(), suites.end(), row.suite) == suites.end()) {
      suites.push_back(row.suite);
    }
  }
  for (const auto& suite : suites) {
    for (const auto& row : run.summary.rows) {
      if (row.suite == suite) rows.push_back(&row);
    }
  }
  return rows;
}

TextGrid block_grid(Block block, const std::vector<Column>& columns,
                    const std::vector<const SummaryRow*>& rows, std::size_t name_width) {
  TextGrid grid(2);
  std::vector<std::string> header{upper(block_name(block)), "suite"};
  for (const auto& column : columns) {
    if (column.block == block) header.push_back(column.title());
  }
  grid.add(std::move(header));
  grid.rule();
  for (const auto* row : rows) {
    std::vector<std::string> cells{
        elide(visible(row->system) + (row->test_double ? " (test double)" : ""), name_width),
        elide(suite_title(visible(row->suite)), name_width)};
    for (const auto& column : columns) {
      if (column.block == block) cells.push_back(format_cell(column, *row));
    }
    grid.add(std::move(cells));
  }
  return grid;
}

std::string block_text(Block block, const std::vector<Column>& columns,
                       const std::vector<const SummaryRow*>& rows) {
  TextGrid grid(2);
  for (const std::size_t name_width : kNameWidths) {
    grid = block_grid(block, columns, rows, name_width);
    if (grid.width() <= kWidth) break;
  }
  return grid.text();
}

void append_list(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += fmt::format("\n{}\n", title);
  for (const auto& line : lines) out += "  " + wrap(line, kWidth - 2, 4) + "\n";
}

std::vector<std::string> lines_of(const std::vector<Note>& notes) {
  std::vector<std::string> lines;
  for (const auto& note : notes) lines.push_back(note_line(note));
  return lines;
}

std::vector<std::string> texts_of(const std::vector<Sentence>& sentences) {
  std::vector<std::string> lines;
  for (const auto& sentence : sentences) lines.push_back(sentence.text());
  return lines;
}

std::string answers_text(const RunView& run) {
  std::string out = fmt::format("{}: {} answers\n", visible(run.name), run.samples.size());
  const auto rows = rows_of_run(run);
  if (rows.empty()) return out + "No results: nothing was asked, or no answer has been scored.\n";
  const auto columns = columns_for(rows);
  for (const Block block : kBlocks) out += "\n" + block_text(block, columns, rows);
  return out;
}

std::string run_text(const RunView& run) {
  std::string out = run.kernels_only ? visible(run.name) + "\n" : answers_text(run);
  if (run.kernels) out += "\n" + kernel_text(*run.kernels);
  return out;
}

}  // namespace

std::string write_text(const std::vector<RunView>& runs) {
  std::string out;
  for (const auto& run : runs) out += (out.empty() ? "" : "\n\n") + run_text(run);
  if (all_kernels_only(runs)) return out;
  const auto all = contestants(runs);
  append_list(out, "PRICES", lines_of(price_notes(all)));
  append_list(out, "NOTES", lines_of(caveats(all, runs)));
  const Verdict verdict = verdict_of(all);
  append_list(out, "NOT DECIDED", texts_of(verdict.undecided));
  out += "\n";
  for (const auto& finding : verdict.findings) out += wrap(finding.text(), kWidth, 2) + "\n";
  return out + wrap(verdict.headline.text(), kWidth, 2) + "\n";
}

}  // namespace pingjia::reports
