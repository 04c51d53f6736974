#include "suites/math/solution_set.h"

#include <algorithm>
#include <limits>

#include "suites/math/numeric.h"

namespace pingjia::suites {

namespace {

using enum NodeKind;
using Stretches = std::vector<Stretch>;
using Found = std::optional<SolutionSet>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostStretches = 64;

struct End {
  Expression at;  // none at infinity
  double value = 0;
};

std::optional<End> end_of(const Expression& node, Budget& budget) {
  if (node->kind == kConstant && node->text == "inf") return End{nullptr, kInfinity};
  if (node->kind == kNegative) {
    const auto& inside = node->children[0];
    if (inside->kind == kConstant && inside->text == "inf") return End{nullptr, -kInfinity};
  }
  const auto value = real_value(node, budget);
  return value ? std::optional(End{node, *value}) : std::nullopt;
}

bool empty(const Stretch& stretch) {
  if (stretch.low_value < stretch.high_value) return false;
  const bool point = stretch.low_value == stretch.high_value && stretch.low != nullptr;
  return !(point && stretch.low_closed && stretch.high_closed);
}

// In order, joined where they touch.
Stretches normal(Stretches parts) {
  std::erase_if(parts, empty);
  std::sort(parts.begin(), parts.end(), [](const Stretch& a, const Stretch& b) {
    if (a.low_value != b.low_value) return a.low_value < b.low_value;
    return a.low_closed && !b.low_closed;
  });
  Stretches joined;
  for (auto& part : parts) {
    if (!joined.empty()) {
      auto& last = joined.back();
      const bool touch = part.low_value < last.high_value ||
                         (part.low_value == last.high_value && (last.high_closed || part.low_closed));
      if (touch) {
        if (part.high_value > last.high_value) {
          last.high = part.high;
          last.high_value = part.high_value;
          last.high_closed = part.high_closed;
        } else if (part.high_value == last.high_value) {
          last.high_closed = last.high_closed || part.high_closed;
        }
        continue;
      }
    }
    joined.push_back(std::move(part));
  }
  return joined;
}

Stretch common(const Stretch& a, const Stretch& b) {
  Stretch both = a;
  if (b.low_value > a.low_value || (b.low_value == a.low_value && !b.low_closed)) {
    both.low = b.low;
    both.low_value = b.low_value;
    both.low_closed = b.low_closed;
  }
  if (b.high_value < a.high_value || (b.high_value == a.high_value && !b.high_closed)) {
    both.high = b.high;
    both.high_value = b.high_value;
    both.high_closed = b.high_closed;
  }
  return both;
}

Stretches intersection(const Stretches& a, const Stretches& b) {
  Stretches parts;
  for (const auto& x : a) {
    for (const auto& y : b) parts.push_back(common(x, y));
  }
  return normal(std::move(parts));
}

Stretches united(Stretches a, const Stretches& b) {
  a.insert(a.end(), b.begin(), b.end());
  return normal(std::move(a));
}

// All real numbers that are in none of `parts`, which are normal.
Stretches complement(const Stretches& parts) {
  Stretches rest;
  Stretch gap{nullptr, nullptr, -kInfinity, kInfinity, false, false};
  for (const auto& part : parts) {
    Stretch before = gap;
    before.high = part.low;
    before.high_value = part.low_value;
    before.high_closed = !part.low_closed;
    rest.push_back(before);
    gap.low = part.high;
    gap.low_value = part.high_value;
    gap.low_closed = !part.high_closed;
  }
  rest.push_back(gap);
  // At infinity nothing is closed, and after it nothing comes.
  std::erase_if(rest, [](const Stretch& x) {
    return x.high_value == -kInfinity || x.low_value == kInfinity;
  });
  return normal(std::move(rest));
}

Found interval(const Node& node, Budget& budget) {
  if (node.children.size() != 2 || node.open == '<') return std::nullopt;
  const auto low = end_of(node.children[0], budget);
  const auto high = low ? end_of(node.children[1], budget) : std::nullopt;
  if (!high || low->value > high->value) return std::nullopt;
  // A bracket at infinity is a slip that changes nothing.
  Stretch stretch{low->at,  high->at, low->value, high->value, node.open == '[' && low->at != nullptr,
                  node.close == ']' && high->at != nullptr};
  if (empty(stretch)) return std::nullopt;
  return SolutionSet{{stretch}, ""};
}

// One side of "x < a": the numbers for which it holds.
Stretches half_line(char sign, const End& end) {
  Stretch stretch{nullptr, nullptr, -kInfinity, kInfinity, false, false};
  if (sign == '<' || sign == 'l') {
    stretch.high = end.at;
    stretch.high_value = end.value;
    stretch.high_closed = sign == 'l' && end.at != nullptr;
  } else {
    stretch.low = end.at;
    stretch.low_value = end.value;
    stretch.low_closed = sign == 'g' && end.at != nullptr;
  }
  return {stretch};
}

char mirrored(char sign) {
  switch (sign) {
    case '<':
      return '>';
    case '>':
      return '<';
    case 'l':
      return 'g';
    case 'g':
      return 'l';
    default:
      return sign;
  }
}

bool is_name(const Expression& node) {
  return node->kind == kSymbol || (node->kind == kCall && node->children.size() == 1 &&
                                   node->children[0]->kind == kSymbol && node->text.size() == 1);
}

// "x < 2", "1 < x <= 2", "x != 3", "x = 3", "x in S".
Found of_relation(const Node& node, Budget& budget) {
  SolutionSet set{{{nullptr, nullptr, -kInfinity, kInfinity, false, false}}, ""};
  for (std::size_t i = 0; i < node.text.size(); ++i) {
    char sign = node.text[i];
    Expression name = node.children[i];
    Expression bound = node.children[i + 1];
    if (sign == 'e') {
      const auto within = is_name(name) ? solution_set(bound, budget) : std::nullopt;
      if (!within) return std::nullopt;
      set.stretches = intersection(set.stretches, within->stretches);
      set.variable = key_of(name);
      continue;
    }
    if (!is_name(name)) {
      std::swap(name, bound);
      sign = mirrored(sign);
    }
    if (!is_name(name) || sign == '~') return std::nullopt;
    const auto key = key_of(name);
    if (!set.variable.empty() && set.variable != key) return std::nullopt;
    set.variable = key;
    const auto end = end_of(bound, budget);
    if (!end) return std::nullopt;
    Stretches part = half_line(sign, *end);
    if (sign == '=' || sign == 'n') {
      if (end->at == nullptr) return std::nullopt;
      part = {{end->at, end->at, end->value, end->value, true, true}};
      if (sign == 'n') part = complement(part);
    }
    set.stretches = intersection(set.stretches, part);
  }
  return set;
}

// Conditions joined by a comma or "and" hold together, unless they cannot: then, as with "or",
// either may.
Found of_list(const Node& node, Budget& budget) {
  Found all;
  Found any;
  for (const auto& child : node.children) {
    if (child->kind != kRelation) return std::nullopt;
    auto one = solution_set(child, budget);
    if (!one) return std::nullopt;
    if (!any) {
      all = one;
      any = std::move(one);
      continue;
    }
    if (any->variable != one->variable) return std::nullopt;
    all->stretches = intersection(all->stretches, one->stretches);
    any->stretches = united(std::move(any->stretches), one->stretches);
  }
  return node.text == "or" || all->stretches.empty() ? any : all;
}

Found of_set(const Node& node, Budget& budget) {
  SolutionSet set;
  for (const auto& child : node.children) {
    const auto end = end_of(child, budget);
    if (!end || end->at == nullptr) return std::nullopt;
    set.stretches.push_back({end->at, end->at, end->value, end->value, true, true});
  }
  set.stretches = normal(std::move(set.stretches));
  return set;
}

Found of_operation(const Node& node, Budget& budget) {
  auto left = solution_set(node.children[0], budget);
  const auto right = left ? solution_set(node.children[1], budget) : std::nullopt;
  if (!right) return std::nullopt;
  if (node.kind == kUnion) {
    left->stretches = united(std::move(left->stretches), right->stretches);
  } else {
    left->stretches =
        intersection(left->stretches, node.kind == kIntersection ? right->stretches
                                                                 : complement(right->stretches));
  }
  return left->stretches.size() > kMostStretches ? std::nullopt : left;
}

}  // namespace

std::optional<SolutionSet> solution_set(const Expression& expression, Budget& budget) {
  const Node& node = *expression;
  if (!budget.spend(500) || node.children.size() > kMostStretches) return std::nullopt;
  switch (node.kind) {
    case kTuple:
      return interval(node, budget);
    case kSet:
      return of_set(node, budget);
    case kUnion:
    case kIntersection:
    case kDifference:
      return of_operation(node, budget);
    case kRelation:
      return of_relation(node, budget);
    case kList:
      return of_list(node, budget);
    case kBuilder: {
      auto set = solution_set(node.children[1], budget);
      if (set) set->variable.clear();
      return set;
    }
    case kNamedSet:
      if (node.text == "empty") return SolutionSet{};
      if (node.text != "R") return std::nullopt;
      return SolutionSet{{{nullptr, nullptr, -kInfinity, kInfinity, false, false}}, ""};
    default:
      return std::nullopt;
  }
}

}  // namespace pingjia::suites
