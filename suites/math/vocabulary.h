#pragma once

#include <optional>
#include <string_view>

#include "suites/math/token.h"

namespace pingjia::suites {

/// A token that a name stands for.
struct Meaning {
  TokenKind kind = TokenKind::kLetter;
  std::string_view text;
};

/// What a LaTeX command without its backslash stands for ("cdot", "le", "infty"). Nothing for
/// spacing and dress, which is dropped; a symbol of its own name for a command nobody knows.
std::optional<Meaning> command_meaning(std::string_view name);

/// What a run of letters of plain text stands for when it is no product of symbols: "sin", "pi",
/// "and", "infinity".
std::optional<Meaning> word_meaning(std::string_view word);

/// What a character beyond ASCII stands for: "×", "√", "≤", "π", "²".
struct CharacterMeaning {
  std::string_view character;
  Meaning meaning;
};
std::optional<CharacterMeaning> character_meaning(std::string_view text);

}  // namespace pingjia::suites
