#include "harness/score/thinking.h"

#include <array>
#include <optional>

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, 4> kNames = {"thinking>", "think>", "thought>",
                                                    "reasoning>"};

bool starts_with_ignoring_case(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] + 32) : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

struct Tag {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool opens = false;
};

std::optional<Tag> next_tag(std::string_view text, std::size_t from) {
  for (auto at = text.find('<', from); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const bool opens = at + 1 >= text.size() || text[at + 1] != '/';
    const auto name_at = at + (opens ? 1 : 2);
    if (name_at >= text.size()) continue;
    for (const auto name : kNames) {
      if (starts_with_ignoring_case(text.substr(name_at), name)) {
        return Tag{at, name_at + name.size(), opens};
      }
    }
  }
  return std::nullopt;
}

struct Parted {
  std::string visible;
  bool inside = false;  // The text ends within thinking.
};

Parted part(std::string_view answer) {
  Parted parted;
  auto& [visible, inside] = parted;
  std::size_t position = 0;
  while (const auto tag = next_tag(answer, position)) {
    if (inside && tag->opens) {
      // A model that thinks about tags: still inside.
    } else if (tag->opens) {
      visible += answer.substr(position, tag->begin - position);
      inside = true;
    } else {
      if (!inside) visible.clear();
      inside = false;
    }
    position = tag->end;
  }
  if (!inside) visible += answer.substr(position);
  return parted;
}

}  // namespace

std::string without_thinking(std::string_view answer) {
  return part(answer).visible;
}

bool ends_thinking(std::string_view answer) {
  return part(answer).inside;
}

}  // namespace pingjia::harness
