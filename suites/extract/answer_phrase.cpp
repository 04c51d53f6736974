#include "suites/extract/answer_phrase.h"

#include <re2/re2.h>

#include <algorithm>
#include <optional>

namespace pingjia::suites {

namespace {

constexpr std::size_t kMostPlaces = 3;
constexpr std::size_t kLongestWindow = 400;
constexpr std::size_t kLongestBox = 2'000;

// The word for "answer", up to 60 signs of the same sentence, and what says that it comes now.
const RE2& phrase() {
  static const RE2 pattern(
      R"((?i)(?:)"
      R"(\banswers?\b(?:[^.\n:=?!]{0,60}?\b(?:is|was|are|be|equals)\b(?:\s*:)?|[^.\n:=?!]{0,60}?[:=]))"
      R"(|(?:respuesta|réponse|antwort|resposta|risposta|ответ)[^.\n:=?!]{0,40}?(?:[:=]|\s(?:es|est|ist|lautet|é|è)\s*[\s:]))"
      // The word for "answer" and a colon, in some forty languages more.
      R"(|(?:antwoord|svar|svaret|vastaus|vastus|válasz|odpowiedź|odpověď|odpoveď|odgovor|răspuns|raspuns|atsakymas|atbilde|απάντηση|відповідь|отговор|одговор|адказ|cevap|yanıt|cavab|javob|жауап|jawaban|jawapan|sagot|câu trả lời|trả lời|đáp án|คำตอบ|ចម្លើយ|ຄຳຕອບ|အဖြေ|جواب|الإجابة|الجواب|إجابة|پاسخ|תשובה|उत्तर|जवाब|উত্তর|பதில்|விடை|సమాధానం|ಉತ್ತರ|ഉത്തരം|ઉત્તર|જવાબ|ਉੱਤਰ|ਜਵਾਬ|පිළිතුර|jibu|idahun|ìdáhùn|àdáhùn|amsa|impendulo|መልስ|პასუხი|պատասխան|хариулт|erantzuna|ateb|freagra|përgjigja|svarið|답변|回答|答复|答曰)[^.\n:=?!]{0,40}?\s*[:ः])"
      R"(|উত্তরঃ)"
      R"(|ответ\s*-)"
      R"(|(?:答案|答え|解答|正解|정답|답)[^.\n:=?!]{0,20}?(?:是|为|為|は|은|는|:|=)(?:\s*:)?)"
      R"(|(?:答|解)\s*:))");
  return pattern;
}

template <class T>
std::vector<T> pick(std::vector<T> places, Match match) {
  if (match == Match::kLast) {
    std::reverse(places.begin(), places.end());
  }
  if (places.size() > kMostPlaces) places.resize(kMostPlaces);
  return places;
}

std::string_view window_at(std::string_view text, std::size_t begin) {
  begin = std::min(text.find_first_not_of(" \t\r\n", begin), text.size());
  return text.substr(begin, std::min(text.find('\n', begin), begin + kLongestWindow) - begin);
}

// The contents of the box whose brace opens before `begin`; an unclosed one is none.
std::optional<std::string_view> box_at(std::string_view text, std::size_t begin) {
  int depth = 1;
  const auto limit = std::min(text.size(), begin + kLongestBox);
  for (auto at = begin; at < limit; ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) return text.substr(begin, at - begin);
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string_view> after_answer_phrases(std::string_view text, Match match) {
  std::vector<std::size_t> ends;
  re2::StringPiece rest(text.data(), text.size());
  while (RE2::FindAndConsume(&rest, phrase())) ends.push_back(text.size() - rest.size());
  std::vector<std::string_view> windows;
  for (const auto end : pick(std::move(ends), match)) windows.push_back(window_at(text, end));
  return windows;
}

std::vector<std::string_view> boxed_contents(std::string_view text, Match match) {
  constexpr std::string_view kOpen = "\\boxed{";
  std::vector<std::size_t> begins;
  for (auto at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at + 1)) {
    begins.push_back(at + kOpen.size());
  }
  std::vector<std::string_view> contents;
  for (const auto begin : pick(std::move(begins), match)) {
    if (const auto box = box_at(text, begin)) contents.push_back(*box);
  }
  return contents;
}

}  // namespace pingjia::suites
