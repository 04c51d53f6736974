#include <algorithm>

#include "suites/math/parser_state.h"

namespace pingjia::suites {

using enum NodeKind;
using enum TokenKind;

Expression Parser::enclosed(std::string_view open, std::string_view close,
                            std::string_view function) {
  expect(kOpen, open);
  auto inside = sum();
  expect(kClose, close);
  return make_node(kCall, std::string(function), {inside});
}

Expression Parser::bracketed() {
  const int bars = bars_;
  const bool in_set = in_set_;
  bars_ = 0;
  in_set_ = false;
  Expression inside;
  const auto& open = token().text;
  if (token().kind == kBegin) {
    inside = environment();
  } else if (open == "{") {
    inside = group();
  } else if (open == "\\{") {
    inside = set();
  } else if (open == "|") {
    inside = enclosed("|", "|", "abs");
  } else if (open == "floor" || open == "ceil") {
    const std::string name = open;
    inside = enclosed(name, name, name);
  } else {
    inside = tuple(open[0]);
  }
  bars_ = bars;
  in_set_ = in_set;
  return inside;
}

// A group, a tuple, or an interval.
Expression Parser::tuple(char open) {
  ++at_;
  const bool in_cell = in_cell_;
  in_cell_ = false;
  auto inside = list();
  in_cell_ = in_cell;
  if (!at(kClose)) throw NoExpression{};
  const char close = token().text[0];
  const bool pair = open == '<' ? close == '>' : (close == ')' || close == ']');
  if (!pair) throw NoExpression{};
  ++at_;
  // "[[1, 2], [3, 4]]": the rows of a matrix, one of them too.
  const bool nested = open == '[' && inside->kind == kTuple && inside->open == '[';
  if (inside->kind != kList && !nested) {
    if ((open == '(') != (close == ')')) throw NoExpression{};
    return inside;
  }
  auto node = std::make_shared<Node>();
  node->kind = kTuple;
  node->children = nested ? std::vector<Expression>{inside} : inside->children;
  node->open = open;
  node->close = close;
  node->depth = inside->depth + 1;
  return node;
}

// { 1, 2 } or { x | condition }.
Expression Parser::set() {
  ++at_;
  if (take(kClose, "\\}")) return make_node(NodeKind::kNamedSet, "empty");
  in_set_ = true;
  auto first = list();
  in_set_ = false;
  if (at(kBar) || at_operator(":")) {
    ++at_;
    auto condition = list();
    expect(kClose, "\\}");
    return make_node(kBuilder, "", {first, condition});
  }
  expect(kClose, "\\}");
  if (first->kind != kList) return make_node(kSet, "", {first});
  return make_node(kSet, "", first->children);
}

// Braces group in LaTeX; in plain text they write a set.
Expression Parser::group() {
  ++at_;
  if (take(kClose, "}")) return make_node(NodeKind::kNamedSet, "empty");
  const bool in_cell = in_cell_;
  in_cell_ = false;
  auto inside = list();
  in_cell_ = in_cell;
  expect(kClose, "}");
  if (inside->kind != kList) return inside;
  return make_node(kSet, "", inside->children);
}

// Rows of cells up to \end.
Expression Parser::rows(std::string_view name) {
  std::vector<Expression> read;
  std::vector<Expression> row;
  for (;;) {
    if (!at(kAmpersand) && !at(kNewline) && !at(kEnd)) {
      row.push_back(list());
      if (!at(kAmpersand) && !at(kNewline) && !at(kEnd)) throw NoExpression{};
    }
    if (at_end()) throw NoExpression{};
    const auto kind = token().kind;
    ++at_;
    if (kind == kAmpersand) continue;
    if (!row.empty()) read.push_back(make_node(kTuple, "", std::move(row)));
    row.clear();
    if (kind == kEnd) break;
  }
  if (tokens_[at_ - 1].text != name || read.empty()) throw NoExpression{};
  return make_node(kMatrix, "", std::move(read));
}

// In cases and aligned the & only aligns, and a line that begins with a sign goes on with the last.
void Parser::join_lines() {
  const auto begin = tokens_.begin() + static_cast<std::ptrdiff_t>(at_);
  const auto end =
      std::find_if(begin, tokens_.end(), [](const Token& one) { return one.kind == kEnd; });
  std::vector<Token> kept;
  for (auto one = begin; one != end; ++one) {
    if (one->kind == kAmpersand) continue;
    const bool goes_on = one->kind == kSign && !kept.empty() && kept.back().kind == kNewline;
    if (goes_on) kept.pop_back();
    kept.push_back(*one);
  }
  const auto at = tokens_.erase(begin, end);
  tokens_.insert(at, kept.begin(), kept.end());
}

Expression Parser::environment() {
  const std::string name = token().text;
  ++at_;
  const bool is_matrix = name.find("matrix") != std::string::npos || name.starts_with("array");
  if (!is_matrix) join_lines();
  const bool in_cell = in_cell_;
  in_cell_ = true;
  auto matrix = rows(name);
  in_cell_ = in_cell;
  if (name == "vmatrix") return make_node(kCall, "det", {matrix});
  if (is_matrix) return matrix;
  // cases, aligned: one equation a row.
  std::vector<Expression> lines;
  for (const auto& row : matrix->children) {
    for (const auto& cell : row->children) lines.push_back(cell);
  }
  return lines.size() == 1 ? lines[0] : make_node(kList, "", std::move(lines));
}

}  // namespace pingjia::suites
