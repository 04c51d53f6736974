#pragma once

#include <string>
#include <vector>

#include "reports/columns.h"
#include "reports/contest.h"
#include "reports/verdict.h"

namespace pingjia::reports {

/// What all sections of the page know; made once.
struct Page {
  const std::vector<harness::RunView>& runs;
  std::vector<Contestant> contestants;
  std::vector<std::string> suites;  ///< Without "*".
  std::vector<const harness::SummaryRow*> rows;
  std::vector<Column> columns;
  Verdict verdict;
};

Page make_page(const std::vector<harness::RunView>& runs);

// One section a file, in the order of the page (page.cpp, which also writes its frame and heading).
// Each appends to `out`.

/// The sentence a buyer came for, and what could not be decided. (verdict_section.cpp)
void write_verdict_section(std::string& out, const Page& page);
/// One row per system and suite, as in summary.json. (summary_section.cpp)
void write_summary_section(std::string& out, const Page& page);
/// Suites by systems, losses apart, published scores beside ours. (accuracy_section.cpp)
void write_accuracy_section(std::string& out, const Page& page);
/// One model under several budgets of tokens; part of the above. (budget_figure.cpp)
void write_budget_figure(std::string& out, const Page& page);
/// Every pair of a run's systems. (compare_section.cpp)
void write_compare_section(std::string& out, const Page& page);
/// Accuracy against price. (price_section.cpp)
void write_price_section(std::string& out, const Page& page);
/// Speed of machines, then the two below. (speed_section.cpp)
void write_speed_section(std::string& out, const Page& page);
/// Latency distributions. (latency_figures.cpp)
void write_latency_figures(std::string& out, const Page& page);
/// What happened when, system by system. (timeline_figures.cpp)
void write_timeline_figures(std::string& out, const Page& page);
/// One model on several machines, valued again as prices change. (hardware_section.cpp)
void write_hardware_section(std::string& out, const Page& page);
/// What each system's cost is made of. (money_section.cpp)
void write_money_section(std::string& out, const Page& page);
/// Kernels against roofs and comparators, for runs that have a table of them.
/// (kernels_section.cpp)
void write_kernels_section(std::string& out, const Page& page);
/// The sentence over a page of kernels alone. (kernels_section.cpp)
void write_kernel_headline(std::string& out, const Page& page);
/// Where prices come from; what to know before trusting a number. (notes_section.cpp)
void write_notes_section(std::string& out, const Page& page);
/// Formulas, and who made each number. (method_section.cpp)
void write_method_section(std::string& out, const Page& page);
/// run.json and the machine. (manifest_section.cpp)
void write_manifest_section(std::string& out, const Page& page);
/// Every question with every system's answer. (samples_section.cpp)
void write_samples_section(std::string& out, const Page& page);

/// A chart, or the reason why there is none.
struct Figure {
  std::string id;     ///< Of the element, and the name of what is saved from it.
  std::string title;  ///< Markup, as are subtitle, notice and aside.
  std::string subtitle;
  std::string notice;  ///< Before the chart: what it refuses to show.
  std::string svg;     ///< One or more `<svg>`; empty when there is a reason.
  std::string reason;  ///< Plain text.
  std::string aside;   ///< A line under the chart: what is not on it.
  std::string table;   ///< `<table>` with the chart's numbers.
};

/// `<figure>` with the chart and its table folded under it. (figure.cpp)
void write_figure(std::string& out, const Figure& figure);
/// `name` with all but letters and digits as "-".
std::string figure_id(std::string_view name);
/// `<td …>` with the metric's exact value in data-attributes, where scripts and tests find it.
std::string value_cell(const Column& column, const harness::SummaryRow& row);
/// The series' mark and the label, escaped.
std::string name_with_mark(const Contestant& one);

}  // namespace pingjia::reports
