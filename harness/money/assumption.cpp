#include "harness/money/assumption.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::harness {

namespace {

double scale_of(char suffix) {
  switch (suffix) {
    case 'k':
      return 1e3;
    case 'M':
      return 1e6;
    case 'B':
      return 1e9;
    case 'T':
      return 1e12;
    default:
      return 0;
  }
}

std::vector<std::string_view> split_range(std::string_view text) {
  std::vector<std::string_view> parts;
  for (auto dots = text.find(".."); dots != std::string_view::npos; dots = text.find("..")) {
    parts.push_back(text.substr(0, dots));
    text.remove_prefix(dots + 2);
  }
  parts.push_back(text);
  return parts;
}

double parse_part(std::string_view text, const AssumptionKind& kind, const std::string& where) {
  const auto value = parse_quantity(text);
  if (!value) {
    throw Error(where, fmt::format("'{}' is no number", text),
                fmt::format("give {} such as 2, 0.5, 2.7M, or a range such as 1..2..4", kind.unit));
  }
  if (*value < kind.least || *value > kind.most) {
    throw Error(where, fmt::format("'{}' is out of bounds", text),
                std::isinf(kind.most) ? fmt::format("give {} or more", kind.least)
                                      : fmt::format("give {} to {}", kind.least, kind.most));
  }
  return *value;
}

double middle_of(const std::vector<double>& numbers) {
  return numbers.size() == 2 ? (numbers[0] + numbers[1]) / 2 : numbers[numbers.size() / 2];
}

}  // namespace

std::optional<double> parse_quantity(std::string_view text) {
  double scale = 1;
  if (!text.empty() && scale_of(text.back()) > 0) {
    scale = scale_of(text.back());
    text.remove_suffix(1);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value * scale)) return std::nullopt;
  return value * scale;
}

Assumptions::Assumptions(std::span<const AssumptionKind> kinds) {
  assumptions_.reserve(kinds.size());
  for (const auto& kind : kinds) {
    assumptions_.emplace_back().kind = &kind;
    if (kind.value.empty()) continue;
    set(kind.key, kind.value, std::string(kind.source), std::string(kind.date),
        std::string(kind.key));
  }
}

void Assumptions::set(std::string_view key, std::string_view text, const std::string& source,
                      const std::string& date, const std::string& where) {
  std::vector<std::string_view> keys;
  for (const auto& assumption : assumptions_) keys.push_back(assumption.kind->key);
  const auto found = std::find(keys.begin(), keys.end(), key);
  if (found == keys.end()) {
    throw Error(where, "unknown input '" + std::string(key) + "'", suggest(key, keys));
  }
  Assumption& assumption = assumptions_[static_cast<std::size_t>(found - keys.begin())];
  std::vector<double> numbers;
  for (const auto part : split_range(text)) {
    numbers.push_back(parse_part(part, *assumption.kind, where));
  }
  if (numbers.size() > 3 || !std::is_sorted(numbers.begin(), numbers.end())) {
    throw Error(where, "'" + std::string(text) + "' is no range",
                "give LOW..HIGH or LOW..VALUE..HIGH, rising");
  }
  if (assumption.kind->whole && std::any_of(numbers.begin(), numbers.end(), [](double number) {
        return number != std::floor(number);
      })) {
    throw Error(where, "'" + std::string(text) + "' is no whole number",
                fmt::format("give whole {}", assumption.kind->unit));
  }
  assumption.source = source;
  assumption.date = date;
  assumption.low = assumption.high = std::nullopt;
  if (numbers.size() > 1) {
    assumption.low = numbers.front();
    assumption.high = numbers.back();
  }
  const double middle = middle_of(numbers);
  assumption.value = assumption.kind->whole ? std::floor(middle) : middle;
}

Assumptions Assumptions::with(std::string_view key, double value) const {
  Assumptions copy = *this;
  for (auto& assumption : copy.assumptions_) {
    if (assumption.kind->key == key) assumption.value = value;
  }
  return copy;
}

const Assumption& Assumptions::find(std::string_view key) const {
  const auto found =
      std::find_if(assumptions_.begin(), assumptions_.end(),
                   [&](const auto& assumption) { return assumption.kind->key == key; });
  assert(found != assumptions_.end());
  return *found;
}

double Assumptions::at(std::string_view key) const {
  const Assumption& assumption = find(key);
  if (!assumption.value) {
    throw Error("--" + std::string(key), "is not given",
                fmt::format("give {}: {}", assumption.kind->unit, assumption.kind->help));
  }
  return *assumption.value;
}

}  // namespace pingjia::harness
