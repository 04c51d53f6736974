#include "suites/extract/rule_options.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::suites {

namespace {

constexpr std::array<std::string_view, 2> kMatches = {"first", "last"};

PatternRule read_pattern(const nlohmann::json& rule, const std::string& where, Match usual) {
  harness::Fields fields(rule, where);
  PatternRule read;
  read.name = fields.text("name");
  read.pattern = compile_pattern(fields.text("pattern"), fields.where("pattern"));
  const auto match = fields.optional_one_of("match", kMatches);
  read.match = !match ? usual : *match == "first" ? Match::kFirst : Match::kLast;
  fields.done();
  return read;
}

void add_rule(const nlohmann::json& rule, const std::string& where,
              std::span<const std::string_view> known, bool patterns, RuleOptions& options) {
  if (patterns && rule.is_object()) {
    options.patterns.push_back(read_pattern(rule, where, options.match));
    options.rules.push_back(options.patterns.back().name);
    return;
  }
  if (!rule.is_string()) throw harness::Error(where, "expected names of rules", "write [\"…\"]");
  const auto name = rule.get<std::string>();
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw harness::Error(where, "unknown rule '" + name + "'", harness::suggest(name, known));
  }
  options.rules.push_back(name);
}

RuleOptions read_rules(harness::Fields& fields, std::span<const std::string_view> known,
                       const RuleOptions& defaults, std::span<const NamedRules> protocols,
                       bool patterns) {
  RuleOptions read = defaults;
  std::vector<std::string_view> names;
  for (const auto& protocol : protocols) names.push_back(protocol.name);
  if (const auto name = fields.optional_one_of("protocol", names)) {
    const auto named = std::find_if(protocols.begin(), protocols.end(),
                                    [&](const NamedRules& rules) { return rules.name == *name; });
    read = {named->rules, named->match, {}};
  }
  if (const auto match = fields.optional_one_of("match", kMatches)) {
    read.match = *match == "first" ? Match::kFirst : Match::kLast;
  }
  if (const auto* const rules = fields.any("rules"); rules != nullptr && rules->is_array()) {
    if (rules->empty()) throw harness::Error(fields.where("rules"), "is empty", "name a rule");
    read.rules.clear();
    for (const auto& rule : *rules) add_rule(rule, fields.where("rules"), known, patterns, read);
  } else {
    fields.optional_texts("rules");  // Refuses another type.
  }
  return read;
}

}  // namespace

const PatternRule* RuleOptions::pattern(std::string_view rule) const {
  for (const auto& known : patterns) {
    if (known.name == rule) return &known;
  }
  return nullptr;
}

RuleOptions read_rule_options(const nlohmann::json& options, const std::string& where,
                              std::span<const std::string_view> known, const RuleOptions& defaults,
                              std::span<const NamedRules> protocols) {
  harness::Fields fields(options, where);
  auto read = read_rules(fields, known, defaults, protocols, true);
  fields.done();
  return read;
}

RuleOptions read_rule_options(harness::Fields& fields, std::span<const std::string_view> known,
                              const RuleOptions& defaults, std::span<const NamedRules> protocols) {
  return read_rules(fields, known, defaults, protocols, false);
}

}  // namespace pingjia::suites
