#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "suites/extract/answer_phrase.h"

namespace pingjia::suites {

/// What one rule found: a letter of a choice; or that the text names several at that place, which
/// is no answer and ends the search.
struct LetterFound {
  char letter = 'A';
  bool several = false;
};

/// The choices a letter can stand for.
struct Choices {
  int count = 0;                       ///< Letters A … go this far.
  std::span<const std::string> texts;  ///< Empty, or one for each letter.
};

/// A rule looks in a text that has been folded and stripped of markup.
using LetterRule = std::optional<LetterFound> (*)(std::string_view text, const Choices& choices,
                                                  Match match);

/// The text is a letter and nothing else: "B", "(b)", "B.".
std::optional<LetterFound> letter_alone(std::string_view, const Choices&, Match);
/// The text is one of the choices.
std::optional<LetterFound> choice_alone(std::string_view, const Choices&, Match);
/// In \boxed{}: a letter, or a choice.
std::optional<LetterFound> letter_boxed(std::string_view, const Choices&, Match);
/// After "The answer is", "Answer:", "答案是", "选": a letter, or a choice.
std::optional<LetterFound> letter_announced(std::string_view, const Choices&, Match);
/// "(B)"; a list (A) (B) (C) … at the start only repeats the question.
std::optional<LetterFound> letter_bracketed(std::string_view, const Choices&, Match);
/// "B. …", "B) …", "B: …" at the start of a line, after such a list; not where lines differ.
std::optional<LetterFound> letter_of_line(std::string_view, const Choices&, Match);
/// A capital that is a word by itself; not in such a list, nor the article A or the pronoun I.
std::optional<LetterFound> letter_lone(std::string_view, const Choices&, Match);
/// The only choice whose text occurs, not as a part of another that occurs.
std::optional<LetterFound> choice_within(std::string_view, const Choices&, Match);

}  // namespace pingjia::suites
