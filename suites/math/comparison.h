#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/math/budget.h"
#include "suites/math/expression.h"

namespace pingjia::suites {

struct MathOptions {
  /// 5% is 5/100; and, unless percent_is_value, it is also 5: a question that asks for a percentage
  /// is answered by either, and published graders drop the sign.
  bool percent_is_value = false;
  /// Numbers may differ by half a unit of this many decimal places.
  std::optional<int> places;
  /// Numbers may differ by this part of the gold one.
  std::optional<double> tolerance;
  /// No unit, no list for a set, no case of letters and no digit is passed over.
  bool strict = false;
};

/// Whether an answer says what the gold answer says. The gold's kind decides what counts: a set in
/// any order, a tuple in its own, an interval with its brackets. Asymmetric where the field is: an
/// interval answers an inequality, an inequality for an interval is unknown.
class Comparison {
 public:
  Comparison(const MathOptions& options, Budget& budget) : options_(options), budget_(budget) {}
  Equality equal(const Expression& gold, const Expression& answer);

 private:
  /// An expression without the words around it.
  struct Measured {
    Expression core;
    std::string words;
    std::string label;
  };

  // comparison.cpp: kinds, collections
  Equality by_kind(const Expression& gold, const Expression& answer);
  Equality collections(const Expression& gold, const Expression& answer);
  Equality ordered(const std::vector<Expression>& gold, const std::vector<Expression>& answer);
  Equality unordered(std::vector<Expression> gold, std::vector<Expression> answer);
  Equality tuples(const Node& gold, const Node& answer);
  Equality matrices(const Node& gold, const Node& answer);
  Equality sets(const Expression& gold, const Expression& answer);
  Equality words(const Expression& gold, const Expression& answer) const;

  // comparison_scalar.cpp: numbers and functions
  Equality scalars(const Expression& gold, const Expression& answer);
  Equality values(const Expression& gold, const Expression& answer);
  Equality near_values(const Expression& gold, const Expression& answer);
  Equality ratios(const Node& gold, const Node& answer);
  Equality based(const Expression& gold, const Expression& answer) const;
  Equality measured(const Expression& gold, const Expression& answer);
  Measured measure(const Expression& expression) const;
  bool fits_decimal(const Expression& exact, const Expression& decimal);

  // comparison_relation.cpp: equations and inequalities
  Equality relations(const Expression& gold, const Expression& answer);
  Equality against_relation(const Expression& gold, const Node& answer);
  Equality relation_against(const Node& gold, const Expression& answer);
  Equality assignments(const Node& gold, const Node& answer);
  Equality equations(const Node& gold, const Node& answer);
  Equality inequalities(const Expression& gold, const Expression& answer);
  Equality same_ratio(const Expression& f, const Expression& g, bool positive);
  Equality systems(const std::vector<Expression>& gold, const std::vector<Expression>& answer);

  const MathOptions& options_;
  Budget& budget_;
};

/// Whether a relation gives a name its value: "x = 5", "f(x) = 2x", "(x, y) = (1, 2)".
bool is_assignment(const Node& relation);

/// The elements of a list of assignments to one name without that name: "x = 1, 2" and
/// "x = 1 or x = 2" are 1, 2. Others as they are.
std::vector<Expression> without_common_name(const std::vector<Expression>& elements);

/// A copy in which every ± is plus, then one in which it is minus.
std::vector<Expression> both_signs(const Expression& expression);

/// A copy with numbers instead of symbols: each symbol's sample value at `trial`.
Expression at_sample(const Expression& expression, int trial);

/// A copy in which the symbol `from` is called `to`.
Expression renamed(const Expression& expression, const std::string& from, const std::string& to);

}  // namespace pingjia::suites
