#include "adapters/catalog/genai_match.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/error.h"

namespace pingjia::adapters {

namespace {

// "^gpt-5\.6-sol-\d{4}-\d{2}$" as "gpt-5.6-sol-####-##"; nothing for a rule that says more.
std::optional<std::string> of_regex(std::string_view regex) {
  std::string pattern;
  const bool from_start = regex.starts_with("^");
  if (from_start) regex.remove_prefix(1);
  const bool to_end = regex.ends_with("$");
  if (to_end) regex.remove_suffix(1);
  while (!regex.empty()) {
    if (regex.starts_with("\\d{") && regex.size() >= 5 && regex[4] == '}' && regex[3] >= '1' &&
        regex[3] <= '9') {
      pattern.append(static_cast<std::size_t>(regex[3] - '0'), '#');
      regex.remove_prefix(5);
    } else if (regex.starts_with("\\d")) {
      pattern += '#';
      regex.remove_prefix(2);
    } else if (regex.starts_with("\\.")) {
      pattern += '.';
      regex.remove_prefix(2);
    } else if (regex.starts_with(".*")) {
      pattern += '*';
      regex.remove_prefix(2);
    } else if (std::string_view("\\.[](){}*+?|^$").find(regex[0]) != std::string_view::npos) {
      return std::nullopt;
    } else {
      pattern += regex[0];
      regex.remove_prefix(1);
    }
  }
  return (from_start ? "" : "*") + pattern + (to_end ? "" : "*");
}

}  // namespace

std::vector<std::string> genai_patterns(const nlohmann::json& match, std::size_t& lost,
                                        const std::string& where) {
  if (!match.is_object() || match.size() != 1) {
    throw harness::Error(where, "is no match rule", "give one of equals, starts_with, or …");
  }
  const auto rule = match.begin();
  if (rule.key() == "or" && rule->is_array()) {
    std::vector<std::string> patterns;
    for (const auto& part : *rule) {
      for (auto& one : genai_patterns(part, lost, where)) patterns.push_back(std::move(one));
    }
    return patterns;
  }
  if (rule->is_string()) {
    const auto text = rule->get<std::string>();
    if (rule.key() == "equals") return {text};
    if (rule.key() == "starts_with") return {text + "*"};
    if (rule.key() == "ends_with") return {"*" + text};
    if (rule.key() == "contains") return {"*" + text + "*"};
    if (rule.key() == "regex") {
      if (auto pattern = of_regex(text)) return {std::move(*pattern)};
      ++lost;
      return {};
    }
  }
  if (rule.key() == "and") {
    ++lost;
    return {};
  }
  throw harness::Error(where, "unknown match rule '" + rule.key() + "'",
                       "known: equals, starts_with, ends_with, contains, regex, or, and");
}

}  // namespace pingjia::adapters
