#include "suites/extract/rule_options.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::suites {

namespace {

constexpr std::array<std::string_view, 2> kMatches = {"first", "last"};

}  // namespace

RuleOptions read_rule_options(const nlohmann::json& options, const std::string& where,
                              std::span<const std::string_view> known, const RuleOptions& defaults,
                              std::span<const NamedRules> protocols) {
  harness::Fields fields(options, where);
  auto read = read_rule_options(fields, known, defaults, protocols);
  fields.done();
  return read;
}

RuleOptions read_rule_options(harness::Fields& fields, std::span<const std::string_view> known,
                              const RuleOptions& defaults, std::span<const NamedRules> protocols) {
  RuleOptions read = defaults;
  std::vector<std::string_view> names;
  for (const auto& protocol : protocols) names.push_back(protocol.name);
  if (const auto name = fields.optional_one_of("protocol", names)) {
    const auto named = std::find_if(protocols.begin(), protocols.end(),
                                    [&](const NamedRules& rules) { return rules.name == *name; });
    read = {named->rules, named->match};
  }
  if (const auto match = fields.optional_one_of("match", kMatches)) {
    read.match = *match == "first" ? Match::kFirst : Match::kLast;
  }
  if (auto rules = fields.optional_texts("rules")) {
    if (rules->empty()) throw harness::Error(fields.where("rules"), "is empty", "name a rule");
    for (const auto& rule : *rules) {
      if (std::find(known.begin(), known.end(), rule) != known.end()) continue;
      throw harness::Error(fields.where("rules"), "unknown rule '" + rule + "'",
                           harness::suggest(rule, known));
    }
    read.rules = std::move(*rules);
  }
  return read;
}

}  // namespace pingjia::suites
