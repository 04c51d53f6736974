#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pingjia::suites {

/// The ISO 639-1 code of the language that most of a text is written in, or nothing where it has no
/// letters or shows no sign of any language known here. By script (one language a script: ko, th,
/// ta, te, kn, gu, pa, …), and where several share one, by their commonest words and own letters:
/// Latin (en de fr es it pt nl sv da no fi pl cs ro tr vi id sw hu), Cyrillic (ru bg uk mk), Arabic
/// (ar fa ur), Devanagari (hi mr ne), Bengali (bn), Han and Kana (zh, ja).
std::optional<std::string> detect_language(std::string_view text);

}  // namespace pingjia::suites
