#include "suites/extract/letters.h"

#include <re2/re2.h>

#include <algorithm>
#include <set>
#include <vector>

#include "suites/extract/choice_text.h"
#include "suites/extract/plain_text.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

// The letter of a choice that `text` begins with or is; lower case too.
std::optional<char> letter_of(View text, const Choices& choices) {
  if (text.empty()) return std::nullopt;
  char c = text[0];
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c < 'A' || c >= 'A' + choices.count) return std::nullopt;
  return c;
}

std::optional<LetterFound> found(std::optional<char> letter) {
  return letter ? std::optional(LetterFound{*letter, false}) : std::nullopt;
}

struct Place {
  char letter = 'A';
  std::size_t at = 0;
};

// Every match's only group that is a choice's letter, in order.
std::vector<Place> all_letters(View text, const RE2& pattern, const Choices& choices) {
  std::vector<Place> places;
  const re2::StringPiece whole(text.data(), text.size());
  re2::StringPiece parts[2];
  std::size_t at = 0;
  while (pattern.Match(whole, at, text.size(), RE2::UNANCHORED, parts, 2)) {
    const auto& group = parts[1];
    const auto begin = static_cast<std::size_t>(group.data() - text.data());
    if (const auto letter = letter_of(View(group.data(), group.size()), choices)) {
      places.push_back({*letter, begin});
    }
    // A boundary may belong to two neighbours: go on right behind the letter.
    at = begin + group.size();
  }
  return places;
}

// How many places at the start only repeat the question's list: A, B, C … in order.
std::size_t listing(const std::vector<Place>& places, std::size_t shortest) {
  std::size_t count = 0;
  while (count < places.size() && places[count].letter == static_cast<char>('A' + count)) ++count;
  return count >= shortest ? count : 0;
}

struct Listed {
  std::vector<Place> places;
  std::size_t listing = 0;  // So many of them are the list.
};

Listed bracketed(View text, const Choices& choices) {
  static const RE2 pattern(R"(\(\s*([A-Z])\s*\))");
  Listed listed{all_letters(text, pattern, choices), 0};
  listed.listing = listing(listed.places, std::min<std::size_t>(3, choices.count));
  return listed;
}

Listed starting_lines(View text, const Choices& choices) {
  static const RE2 pattern(R"((?m)^[ \t>#-]*([A-Z])[.):,](?:\s|$))");
  Listed listed{all_letters(text, pattern, choices), 0};
  listed.listing = listing(listed.places, 2);
  return listed;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' ||
         c == '_';
}

// The article A and the pronoun I: before a small letter, but for what follows no article.
bool is_english_word(View text, std::size_t at) {
  if (text[at] != 'A' && text[at] != 'I') return false;
  const auto next = text.substr(at + 1);
  if (next.size() < 2 || next[0] != ' ' || next[1] < 'a' || next[1] > 'z') return false;
  if (text[at] == 'I') return true;
  for (const View verb : {" is ", " was ", " and ", " or ", " because ", " since ", " seems "}) {
    if (next.starts_with(verb) || next == verb.substr(0, verb.size() - 1)) return false;
  }
  return true;
}

// Capitals that are words, "B-cell" and the words A and I left out.
std::vector<Place> lone_letters(View text, const Choices& choices) {
  const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : '\n'; };
  std::vector<Place> places;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < 'A' || text[i] >= 'A' + choices.count) continue;
    if ((i > 0 && is_word(text[i - 1])) || is_word(at(i + 1))) continue;
    if (at(i + 1) == '-' && is_word(at(i + 2))) continue;
    if (i > 1 && text[i - 1] == '-' && is_word(text[i - 2])) continue;
    if (is_english_word(text, i)) continue;
    places.push_back({text[i], i});
  }
  return places;
}

void drop_listing(std::vector<Place>& places, const Listed& listed) {
  std::set<std::size_t> dropped;
  for (std::size_t i = 0; i < listed.listing; ++i) dropped.insert(listed.places[i].at);
  std::erase_if(places, [&](const Place& place) { return dropped.contains(place.at); });
}

std::optional<LetterFound> pick(std::span<const Place> places, Match match) {
  if (places.empty()) return std::nullopt;
  return LetterFound{match == Match::kFirst ? places.front().letter : places.back().letter, false};
}

// The letter that a place where the answer stands begins with.
std::optional<LetterFound> letter_at(View place, const Choices& choices) {
  // Dress, then perhaps the word "option", then the letter, not followed by the rest of a word.
  static const RE2 upper(
      R"(^[\s({\["'*:~$-]*(?:(?i:option|choice|letter)\s+|选项|选)?[({\["'*]*([A-Z])(?:[^A-Za-z'0-9_]|$))");
  static const RE2 lower(R"(^[\s({\["'*:$]*([a-z])[)}\]"'*]*\s*(?:[.,;!?\n]|$))");
  static const RE2 several(
      R"(^[\s({\["'*:~$-]*[A-Z][)}\]"'*]*\s*(?:,|;|/|&|\band\b|\bor\b|和|或)\s*[({\["'*]*[A-Z][)}\]"'*]*\s*(?:[.,;!?\n]|$))");
  const re2::StringPiece piece(place.data(), place.size());
  re2::StringPiece group;
  if (!RE2::PartialMatch(piece, upper, &group) && !RE2::PartialMatch(piece, lower, &group)) {
    return std::nullopt;
  }
  const auto letter = letter_of(View(group.data(), group.size()), choices);
  // "Answer: I think …"
  static const RE2 pronoun(R"(^I [a-z])");
  if (letter == 'I' && RE2::PartialMatch(piece, pronoun)) return std::nullopt;
  if (letter && RE2::PartialMatch(piece, several)) return LetterFound{*letter, true};
  return found(letter);
}

std::optional<LetterFound> letter_or_choice(View place, const Choices& choices) {
  if (const auto letter = letter_at(place, choices)) return letter;
  return found(choice_at_start(place, choices.texts));
}

// The places where Chinese says which one is chosen without the word for "answer".
std::vector<Place> chosen_in_chinese(View text, const Choices& choices) {
  static const RE2 pattern(
      R"((?:故选|应选|应该选|选择|选项|选|正确的是|正确选项(?:是|为)|答案)\s*:?\s*[({\["']*([A-Z])(?:[^A-Za-z'0-9_]|$))");
  return all_letters(text, pattern, choices);
}

// "答案是第三项", "选第2个选项": the number of a choice instead of its letter.
std::optional<LetterFound> ordinal_in_chinese(View text, const Choices& choices, Match match) {
  static const RE2 pattern(
      R"((?:答案|选择|选|正确的?)[^第\n.。]{0,24}第\s*([1-9一二三四五六七八九十])\s*(?:个)?(?:选项|项|个))");
  constexpr View kNumbers[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
  std::vector<Place> places;
  re2::StringPiece rest(text.data(), text.size());
  re2::StringPiece group;
  while (RE2::FindAndConsume(&rest, pattern, &group)) {
    const View number(group.data(), group.size());
    const auto* const word = std::find(std::begin(kNumbers), std::end(kNumbers), number);
    const auto index = word != std::end(kNumbers) ? word - std::begin(kNumbers) : number[0] - '1';
    if (index >= choices.count) continue;
    places.push_back(
        {static_cast<char>('A' + index), static_cast<std::size_t>(group.data() - text.data())});
  }
  return pick(places, match);
}

}  // namespace

std::optional<LetterFound> letter_alone(View text, const Choices& choices, Match) {
  static const RE2 pattern(R"(^[\s({\["'*$]*([A-Za-z])[\s)}\]"'*$.:,;!]*$)");
  re2::StringPiece group;
  if (!RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern, &group)) {
    return std::nullopt;
  }
  return found(letter_of(View(group.data(), group.size()), choices));
}

std::optional<LetterFound> choice_alone(View text, const Choices& choices, Match) {
  return found(choice_equal(text, choices.texts));
}

std::optional<LetterFound> letter_boxed(View text, const Choices& choices, Match match) {
  for (const auto box : boxed_contents(text, match)) {
    if (const auto letter = letter_or_choice(box, choices)) return letter;
  }
  return std::nullopt;
}

std::optional<LetterFound> letter_announced(View text, const Choices& choices, Match match) {
  for (const auto window : after_answer_phrases(text, match)) {
    if (const auto letter = letter_or_choice(window, choices)) return letter;
  }
  static const RE2 option(
      R"((?i)\b(?:correct|right|best|choose|select|pick|go with)\s+(?:the\s+)?(?:option|choice|answer)?\s*(?:is|would be)?\s*:?\s*(?-i)[({\["'*]*([A-Z])(?:[^A-Za-z'0-9_]|$))");
  if (const auto letter = pick(all_letters(text, option, choices), match)) return letter;
  static const RE2 praised(
      R"(\b([A-Z])\)?\s+(?:is|must be|would be|seems)\s+(?:the\s+)?(?:correct|right|best|answer))");
  if (const auto letter = pick(all_letters(text, praised, choices), match)) return letter;
  if (const auto letter = pick(chosen_in_chinese(text, choices), match)) return letter;
  return ordinal_in_chinese(text, choices, match);
}

std::optional<LetterFound> letter_bracketed(View text, const Choices& choices, Match match) {
  const auto listed = bracketed(text, choices);
  return pick(std::span(listed.places).subspan(listed.listing), match);
}

std::optional<LetterFound> letter_of_line(View text, const Choices& choices, Match match) {
  const auto listed = starting_lines(text, choices);
  const auto rest = std::span(listed.places).subspan(listed.listing);
  const auto other = [&](const Place& place) { return place.letter != rest.front().letter; };
  if (std::any_of(rest.begin(), rest.end(), other)) return std::nullopt;
  return pick(rest, match);
}

std::optional<LetterFound> letter_lone(View text, const Choices& choices, Match match) {
  auto places = lone_letters(text, choices);
  drop_listing(places, bracketed(text, choices));
  drop_listing(places, starting_lines(text, choices));
  return pick(places, match);
}

std::optional<LetterFound> choice_within(View text, const Choices& choices, Match) {
  return found(only_choice_within(text, choices.texts));
}

}  // namespace pingjia::suites
