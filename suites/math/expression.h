#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::suites {

enum class NodeKind {
  kNumber,    ///< text: an unsigned decimal, perhaps with exponent; "0.1(6)" repeats its brackets.
  kSymbol,    ///< text: its name, index and primes included: "x", "a_n".
  kConstant,  ///< text: "pi", "e", "i", "inf".
  kWord,      ///< text: words.
  kNamedSet,  ///< text: "R", "Z", "N", "Q", "C", "empty".
  kSum,       ///< of its children.
  kProduct,   ///< of its children.
  kQuotient,
  kPower,
  kNegative,
  kPlusMinus,  ///< text: "+-" or "-+"; ± of its only child.
  kCall,       ///< text: a function; children: its arguments.
  kFactorial,
  kPercent,
  kDegree,
  kBased,     ///< text: digits; the child is the base.
  kRatio,     ///< a : b : c.
  kTuple,     ///< open and close: "(", "[", "<" and their partners; also intervals.
  kSet,       ///< { a, b, c }.
  kBuilder,   ///< { x | condition }: the variable and the condition.
  kList,      ///< a, b, c without brackets, or joined by "and" and "or".
  kMatrix,    ///< children: rows, each a kTuple.
  kRelation,  ///< text: the signs, a letter each (see relation_sign); one child more than signs.
  kUnion,
  kIntersection,
  kDifference,
  kQuantity,  ///< text: the words after its child: a unit, or what is counted.
  kLabelled,  ///< text: the words before its child.
  kEllipsis,
};

struct Node;
using Expression = std::shared_ptr<const Node>;

struct Node {
  NodeKind kind = NodeKind::kWord;
  std::string text;
  std::vector<Expression> children;
  char open = '(';
  char close = ')';
  int depth = 1;  ///< Of the tree under it; whoever walks it recurses that far.
};

Expression make_node(NodeKind kind, std::string text = "", std::vector<Expression> children = {});

/// The letter of a relation's sign within Node::text: = < > l (<=) g (>=) n (!=) e (in) a
/// (approximately) ~.
char relation_sign(std::string_view sign);

/// One text for equal trees, in which the order of factors, of summands and of elements of a set
/// does not matter. Equal keys mean equal expressions; unequal ones mean nothing. `fold_case` makes
/// upper and lower case one.
std::string key_of(const Expression& expression, bool fold_case = false);

/// Names of the symbols and words in it, sorted, each once.
std::vector<std::string> symbols_of(const Expression& expression);

/// Whether a node of this kind is anywhere in it.
bool contains(const Expression& expression, NodeKind kind);

}  // namespace pingjia::suites
