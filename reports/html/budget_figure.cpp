#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "reports/html/sections.h"
#include "reports/markup.h"
#include "reports/placement.h"
#include "reports/svg/mark.h"
#include "reports/svg/score_budget.h"
#include "reports/visible.h"
#include "reports/words.h"

namespace pingjia::reports {

using harness::Metric;

namespace {

struct Budgeted {
  const Placement* place = nullptr;
  int budget = 0;  // The most output tokens that a request of it asked for.
};

int budget_of(const Contestant& one) {
  int most = 0;
  for (const auto& sample : one.run->samples) {
    const auto& request = sample.record.request;
    if (sample.record.key.system != one.system || request.mode != harness::Mode::kGenerate) {
      continue;
    }
    most = std::max(most, request.sampling.max_tokens);
  }
  return most;
}

bool has_point(const Placement& place) {
  if (place.row == nullptr) return false;
  const Metric* tokens = metric_of(*place.row, "output_tokens_per_answer");
  const Metric* accuracy = metric_of(*place.row, "accuracy");
  return tokens != nullptr && tokens->value && *tokens->value > 0 && accuracy != nullptr &&
         accuracy->value;
}

// A model's systems by budget; nothing where all have the same.
std::vector<Budgeted> budgets_of(const ModelGroup& group) {
  std::vector<Budgeted> list;
  std::set<int> budgets;
  for (const auto& place : group.places) {
    if (!has_point(place)) continue;
    list.push_back({&place, budget_of(*place.one)});
    budgets.insert(list.back().budget);
  }
  if (budgets.size() < 2) return {};
  std::stable_sort(list.begin(), list.end(),
                   [](const Budgeted& a, const Budgeted& b) { return a.budget < b.budget; });
  return list;
}

BudgetLine line_of(const ModelGroup& group, const std::vector<Budgeted>& list) {
  BudgetLine line{visible(group.model), list.front().place->one->series, {}};
  for (const auto& [place, budget] : list) {
    const Metric* accuracy = metric_of(*place->row, "accuracy");
    line.points.push_back({place->one->label, std::to_string(budget),
                           *metric_of(*place->row, "output_tokens_per_answer")->value,
                           *accuracy->value, accuracy->low, accuracy->high});
  }
  return line;
}

std::string rows_of(const Page& page, const std::vector<Budgeted>& list, std::size_t series) {
  std::string out;
  for (const auto& [place, budget] : list) {
    out += fmt::format(
        "<tr><th class=\"l\" scope=\"row\">{} {}</th><td class=\"l\">{}</td><td>{}</td>{}{}</tr>",
        mark_icon(series), escape(place->one->label), shown(suite_title(place->row->suite)), budget,
        value_cell(column_for("output_tokens_per_answer", page.rows), *place->row),
        value_cell(column_for("accuracy", page.rows), *place->row));
  }
  return out;
}

}  // namespace

void write_budget_figure(std::string& out, const Page& page) {
  Figure figure;
  figure.id = "score-budget";
  figure.title = tr("Score against the budget of tokens");
  figure.subtitle = tr("One model under several budgets: what more tokens to think with buy.");
  std::vector<BudgetLine> lines;
  std::string rows;
  const auto groups = model_groups(page.contestants);
  for (const auto& group : groups) {
    const auto list = budgets_of(group);
    if (list.empty()) continue;
    lines.push_back(line_of(group, list));
    rows += rows_of(page, list, lines.back().series);
  }
  if (lines.empty()) {
    figure.reason =
        "no model here ran under two budgets of tokens. Run the same file with another max_tokens "
        "and pass both run directories to pingjia report.";
  } else {
    for (const auto& canvas : {kWide, kNarrow}) figure.svg += score_budget_svg(lines, canvas);
    figure.table = fmt::format(
        "<table><thead><tr><th class=\"l\">{}</th><th class=\"l\">{}</th><th>{}</th><th>{}</th>"
        "<th>{}</th></tr></thead><tbody>{}</tbody></table>",
        tr("system"), tr("suite"), tr("at most, tokens"), tr("output tokens per answer"),
        tr("accuracy"), rows);
  }
  write_figure(out, figure);
}

}  // namespace pingjia::reports
