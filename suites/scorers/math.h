#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "harness/score/scorer.h"

namespace pingjia::suites {

/// The answer must be mathematically the gold answer, whatever its form: see suites/math. Options:
///   "rules": ["boxed", "hashes", "answer", "whole", "delimited", "number"]   tried in this order;
///                             the default is all
///   "match": "first"          which place counts ("last" is the default)
///   "percent": "value"        5% is 0.05 alone (also false); "either" (also true), the default: 5 too
///   "precision": 3            numbers may differ by half a unit of the third decimal place; below 1
///                             it is a part of the gold number: 1e-4
///   "strict": true            no unit, name ("x ="), case, order of a list for a set or last digit
///                             is passed over: the same value in the same form of answer
/// boxed: in \boxed{}; hashes: after "####"; answer: after a phrase such as "The answer is"; whole:
/// the whole text is mathematics, or words; delimited: the last $ $, \( \) or \[ \]; number: the last
/// number anywhere. undecided: equal or not could not be found out; or an inequality where the gold
/// is an interval; or the right number of other things.
std::unique_ptr<harness::Scorer> make_math(const nlohmann::json& options, const std::string& where);

}  // namespace pingjia::suites
