#include "suites/extract/math_answer.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "suites/extract/plain_text.h"

namespace pingjia::suites {

namespace {

using View = std::string_view;

constexpr std::size_t kWindow = 65'536;
constexpr std::size_t kLongestBox = 4'000;
constexpr std::size_t kMostJoined = 20;
constexpr std::size_t kMostSegments = 4'000;

/// What is inside, and the whole with its delimiters.
struct Segment {
  View inside;
  std::size_t begin = 0;
  std::size_t end = 0;
};

View last_part(View text) {
  return text.size() > kWindow ? text.substr(text.size() - kWindow) : text;
}

// Between two parts of one answer.
bool joins(View gap) {
  static const RE2 pattern(R"((?:[\s,;$&]|\\\(|\\\)|\\[,; ]|\\quad|\\text|[{}]|\band\b|\bor\b|和|或)*)");
  return gap.size() <= 40 && RE2::FullMatch(re2::StringPiece(gap.data(), gap.size()), pattern);
}

// The run of segments around `at` that are one answer, joined by commas.
std::string joined(View text, const std::vector<Segment>& segments, std::size_t at) {
  const auto linked = [&](std::size_t i) {
    return joins(text.substr(segments[i].end, segments[i + 1].begin - segments[i].end));
  };
  auto first = at;
  auto last = at;
  while (first > 0 && last - first < kMostJoined && linked(first - 1)) --first;
  while (last + 1 < segments.size() && last - first < kMostJoined && linked(last)) ++last;
  std::string answer(segments[first].inside);
  for (auto i = first + 1; i <= last; ++i) {
    answer += ", ";
    answer += segments[i].inside;
  }
  return answer;
}

// Where the brace that opens before `begin` closes.
std::optional<std::size_t> closing_brace(View text, std::size_t begin) {
  int depth = 1;
  const auto limit = std::min(text.size(), begin + kLongestBox);
  for (auto at = begin; at < limit; ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '{') {
      ++depth;
    } else if (text[at] == '}' && --depth == 0) {
      return at;
    }
  }
  return std::nullopt;
}

// The closed boxes in their order, at most kMostJoined at the end asked for.
std::vector<Segment> boxes(View text, Match match) {
  std::vector<Segment> found;
  const auto take = [&](std::size_t at) {
    for (const View open : {View("\\boxed{"), View("\\fbox{")}) {
      if (!text.substr(at).starts_with(open)) continue;
      const auto begin = at + open.size();
      const auto end = closing_brace(text, begin);
      if (end) found.push_back({text.substr(begin, *end - begin), at, *end + 1});
    }
  };
  std::size_t tries = 0;
  if (match == Match::kFirst) {
    for (auto at = text.find("box"); at != View::npos && found.size() < kMostJoined && tries < 200;
         at = text.find("box", at + 1), ++tries) {
      if (at >= 1 && text[at - 1] == '\\') take(at - 1);
      if (at >= 2 && text[at - 2] == '\\') take(at - 2);
    }
    return found;
  }
  for (auto at = text.rfind("box"); at != View::npos && found.size() < kMostJoined && tries < 200;
       ++tries) {
    if (at >= 1 && text[at - 1] == '\\') take(at - 1);
    if (at >= 2 && text[at - 2] == '\\') take(at - 2);
    if (at == 0) break;
    at = text.rfind("box", at - 1);
  }
  std::reverse(found.begin(), found.end());
  return found;
}

// Finds each closing delimiter at most once, so that many openings without one cost no more.
class Closings {
 public:
  explicit Closings(View text) : text_(text) {}
  std::size_t next(View close, std::size_t from) {
    auto& known = next_[close == "\\)" ? 0 : (close == "\\]" ? 1 : (close == "$$" ? 2 : 3))];
    if (known != View::npos && known < from) known = text_.find(close, from);
    if (known == kUnset) known = text_.find(close, from);
    return known;
  }

 private:
  static constexpr std::size_t kUnset = 0;
  View text_;
  std::array<std::size_t, 4> next_{};
};

// The delimiters that open at `at`.
std::optional<std::pair<View, View>> opening(View rest) {
  constexpr std::array<std::pair<View, View>, 4> kPairs = {
      {{"\\(", "\\)"}, {"\\[", "\\]"}, {"$$", "$$"}, {"$", "$"}}};
  for (const auto& pair : kPairs) {
    if (rest.starts_with(pair.first)) return pair;
  }
  return std::nullopt;
}

// \( \) , \[ \], $$ $$ and $ $; a dollar that has no partner in its line is money.
std::vector<Segment> segments(View text) {
  std::vector<Segment> found;
  Closings closings(text);
  for (std::size_t at = 0; at < text.size() && found.size() < kMostSegments;) {
    const auto pair = opening(text.substr(at));
    if (!pair) {
      at += text[at] == '\\' ? 2 : 1;
      continue;
    }
    const auto begin = at + pair->first.size();
    auto end = closings.next(pair->second, begin);
    while (end != View::npos && pair->second[0] == '$' && text[end - 1] == '\\') {
      end = closings.next(pair->second, end + 1);
    }
    const bool near = end != View::npos && end - begin <= kLongestBox;
    if (!near || (pair->second == "$" &&
                  text.substr(begin, end - begin).find('\n') != View::npos)) {
      at = begin;
      continue;
    }
    found.push_back({text.substr(begin, end - begin), at, end + pair->second.size()});
    at = found.back().end;
  }
  return found;
}

// Whether there are words beside the delimited mathematics.
bool talks(View text) {
  static const RE2 word(R"([A-Za-z]{2,})");
  const auto found = segments(text);
  if (found.empty()) return false;
  std::string around;
  std::size_t at = 0;
  for (const auto& segment : found) {
    around += text.substr(at, segment.begin - at);
    around += ' ';
    at = segment.end;
  }
  around += text.substr(at);
  static const RE2 connectors(R"(\?\b(?:and|or|text)\b)");
  RE2::GlobalReplace(&around, connectors, "");
  return RE2::PartialMatch(around, word);
}

// A display that begins a window goes on to its end, over the window's line.
View whole_display(View text, View window) {
  const auto at = static_cast<std::size_t>(window.data() - text.data());
  for (const auto& [open, close] : {std::pair<View, View>("\\[", "\\]"), {"$$", "$$"}}) {
    if (!window.starts_with(open)) continue;
    const auto rest = text.substr(at + 2, kLongestBox);
    const auto end = rest.find(close);
    if (end != View::npos) return rest.substr(0, end);
  }
  return window;
}

std::string without_stars(View text) {
  while (text.starts_with("*") || text.starts_with(" ") || text.starts_with(":")) {
    text.remove_prefix(1);
  }
  text = trim(text);
  while (text.ends_with("*")) text.remove_suffix(1);
  return std::string(trim(text));
}

}  // namespace

std::vector<std::string> boxed_math(View text, Match match) {
  text = last_part(text);
  const auto found = boxes(text, match);
  if (found.empty()) return {};
  const auto at = match == Match::kLast ? found.size() - 1 : 0;
  return {joined(text, found, at), std::string(found[at].inside)};
}

std::vector<std::string> announced_math(View text, Match match) {
  text = last_part(text);
  std::vector<std::string> found;
  for (const auto window : after_answer_phrases(text, match)) {
    const auto place = whole_display(text, window);
    found.push_back(without_stars(place));
    const auto sentence = place.substr(0, place.find(". "));
    if (sentence.size() < place.size()) found.push_back(without_stars(sentence));
    const auto inside = segments(place);
    if (!inside.empty()) found.push_back(joined(place, inside, 0));
  }
  return found;
}

std::vector<std::string> whole_math(View text, Match) {
  constexpr std::size_t kLongestWhole = 4'000;
  text = trim(text);
  if (text.empty() || text.size() > kLongestWhole || talks(text)) return {};
  return {std::string(text)};
}

std::vector<std::string> delimited_math(View text, Match match) {
  text = last_part(text);
  const auto found = segments(text);
  if (found.empty()) return {};
  const auto at = match == Match::kLast ? found.size() - 1 : 0;
  return {joined(text, found, at), std::string(found[at].inside)};
}

}  // namespace pingjia::suites
