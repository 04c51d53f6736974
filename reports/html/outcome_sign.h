#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pingjia::reports {

/// How the page shows an outcome of scores.jsonl.
struct OutcomeSign {
  std::string_view outcome;
  char style;  ///< Class of the sign in the style sheet.
  std::string_view sign;
};

/// All that have one.
std::span<const OutcomeSign> outcome_signs();

/// Markup; "?" for an outcome that is not known.
std::string sign_of(std::string_view outcome);

}  // namespace pingjia::reports
