#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/fields.h"
#include "suites/extract/answer_phrase.h"
#include "suites/extract/pattern.h"

namespace pingjia::suites {

/// Which extraction rules are tried, in which order, and which place counts.
struct RuleOptions {
  std::vector<std::string> rules;
  Match match = Match::kLast;
  std::vector<PatternRule> patterns;  ///< Of the rules that are no built-in ones.

  /// The pattern called `rule`, or null.
  const PatternRule* pattern(std::string_view rule) const;
};

/// A set of rules under the name that the field knows it by.
struct NamedRules {
  std::string_view name;
  std::vector<std::string> rules;
  Match match = Match::kLast;
};

/// Reads "rules", "match" and "protocol" of a scorer's options: the protocol gives both, and the
/// other two change them. A rule is a name, or a pattern of the suite's own:
/// {"name", "pattern" (RE2, at most one group), "match"}. `known` are the names of all rules;
/// `defaults` those of no protocol. Throws Error naming `where` for an unknown key, rule or
/// protocol.
RuleOptions read_rule_options(const nlohmann::json& options, const std::string& where,
                              std::span<const std::string_view> known, const RuleOptions& defaults,
                              std::span<const NamedRules> protocols);

/// The same out of an object that has other keys too; the caller is done() with it.
RuleOptions read_rule_options(harness::Fields& fields, std::span<const std::string_view> known,
                              const RuleOptions& defaults, std::span<const NamedRules> protocols);

}  // namespace pingjia::suites
