#include "reports/notes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>

#include "reports/columns.h"
#include "reports/visible.h"

namespace pingjia::reports {

using harness::Metric;
using harness::RunView;
using harness::SummaryRow;

namespace {

const SummaryRow* any_row(const Contestant& one) {
  if (one.overall != nullptr) return one.overall;
  return one.suites.empty() ? nullptr : one.suites.front();
}

// Who says what a token costs: the first of these that has a maker.
std::string price_source(const SummaryRow& row) {
  for (const auto* tag : {"usd_per_mtok_output", "usd_per_mtok_input", "usd_per_mtok_blended",
                          "cost", "usd_per_correct"}) {
    const Metric* metric = metric_of(row, tag);
    if (metric != nullptr && !metric->maker.empty()) return visible(metric->maker);
  }
  return "";
}

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

// What is unknown for the whole is so for its parts.
bool unknown_overall(const Contestant& one, const std::string& tag) {
  const Metric* metric = one.overall == nullptr ? nullptr : metric_of(*one.overall, tag);
  return metric != nullptr && !metric->value;
}

std::string reason_of(const Metric& metric) {
  constexpr std::string_view kPrefix = "unknown: ";  // The line says so already.
  const std::string reason = visible(metric.maker);
  if (reason.empty()) return "not measured";
  return reason.starts_with(kPrefix) ? reason.substr(kPrefix.size()) : reason;
}

// The row's own notes tell of a missing p99.
bool said_by_row(const SummaryRow& row, const Metric& metric) {
  return metric.tag.ends_with("_p99") &&
         std::any_of(row.notes.begin(), row.notes.end(),
                     [](const std::string& note) { return note.starts_with("no p99"); });
}

// Unknown values share their reasons: one line for each reason, with the columns and systems.
std::vector<Note> unknown_notes(const std::vector<Contestant>& contestants,
                                const std::vector<Column>& columns) {
  struct Where {
    std::vector<std::string> titles;
    std::vector<std::string> systems;
    std::vector<std::string> suites;
    bool overall = false;
  };
  std::map<std::string, Where> reasons;
  const auto look = [&](const Contestant& one, const SummaryRow& row) {
    for (const auto& column : columns) {
      const Metric* metric = metric_of(row, column.tag);
      if (metric == nullptr || metric->value || said_by_row(row, *metric)) continue;
      if (&row != one.overall && unknown_overall(one, column.tag)) continue;
      const std::string reason = reason_of(*metric);
      Where& where = reasons[reason];
      add_once(where.titles, column.heading);
      add_once(where.systems, one.label);
      row.suite == "*" ? void(where.overall = true) : add_once(where.suites, visible(row.suite));
    }
  };
  for (const auto& one : contestants) {
    if (one.overall != nullptr) look(one, *one.overall);
    for (const auto* row : one.suites) look(one, *row);
  }
  std::vector<Note> notes;
  for (const auto& [reason, where] : reasons) {
    std::string about = fmt::format("{} — unknown for {}", fmt::join(where.titles, ", "),
                                    fmt::join(where.systems, ", "));
    // What is unknown for the whole is so for its suites: naming them all says nothing.
    if (!where.overall) about += fmt::format(" on {}", fmt::join(where.suites, ", "));
    notes.push_back({about, reason});
  }
  return notes;
}

}  // namespace

std::string basis_words(const std::string& price_basis) {
  if (price_basis == "api") return "API price";
  if (price_basis == "machine") return "machine by the hour";
  return "price unknown";
}

std::vector<Note> price_notes(const std::vector<Contestant>& contestants) {
  std::vector<Note> notes;
  for (const auto& one : contestants) {
    const SummaryRow* row = any_row(one);
    if (row == nullptr) continue;
    std::string text = basis_words(row->price_basis);
    if (const std::string source = price_source(*row); !source.empty()) text += " — " + source;
    const Metric* cost = one.overall == nullptr ? nullptr : metric_of(*one.overall, "cost");
    if (cost != nullptr && cost->value) {
      text += fmt::format("; its answers cost ${} in all", significant(*cost->value));
    }
    notes.push_back({one.label, text});
  }
  return notes;
}

namespace {

// A note without its numbers: the same note on another row.
std::string shape(const std::string& note) {
  std::string out;
  std::copy_if(note.begin(), note.end(), std::back_inserter(out),
               [](unsigned char c) { return std::isdigit(c) == 0; });
  return out;
}

bool said_overall(const Contestant& one, const std::string& note) {
  return one.overall != nullptr &&
         std::any_of(one.overall->notes.begin(), one.overall->notes.end(),
                     [&](const std::string& other) { return shape(other) == shape(note); });
}

// One note may stand on many rows: said once, with the systems and suites it is about.
std::vector<Note> row_notes(const std::vector<Contestant>& contestants) {
  std::vector<std::string> order;
  std::map<std::string, std::vector<std::string>> about;
  const auto look = [&](const Contestant& one, const SummaryRow& row) {
    const bool whole = row.suite == "*" || one.suites.size() < 2;
    for (const auto& text : row.notes) {
      // What is said of the whole need not be said of its parts.
      if (&row != one.overall && said_overall(one, text)) continue;
      add_once(order, text);
      about[text].push_back(whole ? one.label : one.label + " on " + visible(row.suite));
    }
  };
  for (const auto& one : contestants) {
    if (one.overall != nullptr) look(one, *one.overall);
    for (const auto* row : one.suites) {
      if (row != one.overall) look(one, *row);
    }
  }
  std::vector<Note> notes;
  for (const auto& text : order) {
    notes.push_back({fmt::format("{}", fmt::join(about[text], ", ")), visible(text)});
  }
  return notes;
}

}  // namespace

std::vector<Note> caveats(const std::vector<Contestant>& contestants,
                          const std::vector<RunView>& runs) {
  std::vector<Note> notes;
  for (const auto& run : runs) {
    for (const auto& text : run.summary.notes) {
      notes.push_back({runs.size() > 1 ? visible(run.name) : "", visible(text)});
    }
  }
  for (auto& note : row_notes(contestants)) notes.push_back(std::move(note));
  const auto rows = rows_of(runs);
  for (auto& note : unknown_notes(contestants, columns_for(rows))) notes.push_back(std::move(note));
  return notes;
}

std::string note_line(const Note& note) {
  return note.about.empty() ? note.text : note.about + ": " + note.text;
}

}  // namespace pingjia::reports
