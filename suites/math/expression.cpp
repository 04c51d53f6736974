#include "suites/math/expression.h"

#include <algorithm>

#include "suites/extract/ascii.h"

namespace pingjia::suites {

namespace {

bool unordered(NodeKind kind) {
  return kind == NodeKind::kSum || kind == NodeKind::kProduct || kind == NodeKind::kSet ||
         kind == NodeKind::kUnion || kind == NodeKind::kIntersection;
}

void collect(const Expression& expression, std::vector<std::string>& names) {
  if (expression->kind == NodeKind::kSymbol || expression->kind == NodeKind::kWord) {
    names.push_back(expression->text);
  }
  for (const auto& child : expression->children) collect(child, names);
}

}  // namespace

Expression make_node(NodeKind kind, std::string text, std::vector<Expression> children) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->text = std::move(text);
  node->children = std::move(children);
  for (const auto& child : node->children) node->depth = std::max(node->depth, child->depth + 1);
  return node;
}

char relation_sign(std::string_view sign) {
  if (sign == "<=") return 'l';
  if (sign == ">=") return 'g';
  if (sign == "!=") return 'n';
  if (sign == "in") return 'e';
  if (sign == "approx") return 'a';
  return sign == "=" || sign == "<" || sign == ">" ? sign[0] : '~';
}

std::string key_of(const Expression& expression, bool fold_case) {
  std::vector<std::string> keys;
  keys.reserve(expression->children.size());
  for (const auto& child : expression->children) keys.push_back(key_of(child, fold_case));
  if (unordered(expression->kind)) std::sort(keys.begin(), keys.end());
  std::string text = expression->text;
  if (fold_case && expression->kind != NodeKind::kNumber) {
    text = lower(text);
  }
  if (keys.empty() && expression->kind != NodeKind::kTuple) {
    // A word and a symbol of the same letters are the same answer: "A" and "\text{A}".
    const char mark = expression->kind == NodeKind::kWord
                          ? static_cast<char>('a' + static_cast<int>(NodeKind::kSymbol))
                          : static_cast<char>('a' + static_cast<int>(expression->kind));
    return mark + text + ";";
  }
  std::string key(1, static_cast<char>('a' + static_cast<int>(expression->kind)));
  key += text;
  if (expression->kind == NodeKind::kTuple) {
    key += expression->open;
    key += expression->close;
  }
  key += '(';
  for (const auto& child : keys) key += child;
  return key + ')';
}

std::vector<std::string> symbols_of(const Expression& expression) {
  std::vector<std::string> names;
  collect(expression, names);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool contains(const Expression& expression, NodeKind kind) {
  if (expression->kind == kind) return true;
  return std::any_of(expression->children.begin(), expression->children.end(),
                     [&](const Expression& child) { return contains(child, kind); });
}

}  // namespace pingjia::suites
