#include "reports/html/outcome_sign.h"

#include <fmt/format.h>

namespace pingjia::reports {

namespace {

constexpr OutcomeSign kSigns[] = {
    {"right", 'r', "✓"},        {"wrong", 'w', "✗"},       {"undecided", 'u', "?"},
    {"parse_failed", 'p', "∅"}, {"truncated", 't', "…"},   {"refused", 'n', "⊘"},
    {"failed", 'f', "!"},       {"unsupported", 'x', "–"}, {"think_budget_exhausted", 't', "⧗"}};

}  // namespace

std::span<const OutcomeSign> outcome_signs() {
  return kSigns;
}

std::string sign_of(std::string_view outcome) {
  for (const auto& known : kSigns) {
    if (known.outcome == outcome) return fmt::format("<i class={}>{}</i>", known.style, known.sign);
  }
  return "<i>?</i>";
}

}  // namespace pingjia::reports
