#pragma once

#include <string>
#include <vector>

#include "reports/contest.h"

namespace pingjia::reports {

/// One thing a reader must know before trusting a number.
struct Note {
  std::string about;  ///< A system's label, a column's title, or empty for the run.
  std::string text;
};

/// How each system is priced and from which source; "API price row …", "machine by the hour …".
std::vector<Note> price_notes(const std::vector<Contestant>& contestants);

/// Test doubles, values that are unknown and why, and what the summary itself says.
std::vector<Note> caveats(const std::vector<Contestant>& contestants,
                          const std::vector<harness::RunView>& runs);

/// "machine by the hour", "API price", "price unknown".
std::string basis_words(const std::string& price_basis);

/// "about: text".
std::string note_line(const Note& note);

}  // namespace pingjia::reports
