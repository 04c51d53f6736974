#include "harness/spec/prompt_template.h"

#include <algorithm>

namespace pingjia::harness {

namespace {

bool is_name(std::string_view text) {
  if (text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z') return true;
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

PromptTemplate::PromptTemplate(std::string_view text) {
  while (!text.empty()) {
    const auto open = text.find('{');
    append_literal(text.substr(0, open));
    if (open == std::string_view::npos) return;
    text.remove_prefix(open);
    if (text.starts_with("{{")) {
      append_literal("{");
      text.remove_prefix(2);
      continue;
    }
    const auto close = text.find('}');
    const auto name = close == std::string_view::npos ? "" : text.substr(1, close - 1);
    if (is_name(name)) {
      parts_.push_back({true, std::string(name)});
      text.remove_prefix(close + 1);
    } else {
      append_literal("{");
      text.remove_prefix(1);
    }
  }
}

void PromptTemplate::append_literal(std::string_view text) {
  if (text.empty()) return;
  if (parts_.empty() || parts_.back().is_name) parts_.emplace_back();
  parts_.back().text += text;
}

std::vector<std::string> PromptTemplate::names() const {
  std::vector<std::string> names;
  for (const auto& part : parts_) {
    if (part.is_name) names.push_back(part.text);
  }
  return names;
}

std::string PromptTemplate::expand(
    const std::function<std::string(std::string_view name)>& value) const {
  std::string text;
  for (const auto& part : parts_) text += part.is_name ? value(part.text) : part.text;
  return text;
}

}  // namespace pingjia::harness
