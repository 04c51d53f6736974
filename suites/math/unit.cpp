#include "suites/math/unit.h"

#include <algorithm>
#include <array>
#include <string>

namespace pingjia::suites {

namespace {

using View = std::string_view;

struct Named {
  View name;
  Unit unit;
};

// International yard and pound (1959); times and angles exact.
constexpr Named kUnits[] = {
    {"m", {"length", 10000, 1}},        {"meter", {"length", 10000, 1}},
    {"metre", {"length", 10000, 1}},    {"km", {"length", 10000000, 1}},
    {"kilometer", {"length", 10000000, 1}}, {"kilometre", {"length", 10000000, 1}},
    {"cm", {"length", 100, 1}},         {"centimeter", {"length", 100, 1}},
    {"centimetre", {"length", 100, 1}}, {"mm", {"length", 10, 1}},
    {"millimeter", {"length", 10, 1}},  {"dm", {"length", 1000, 1}},
    {"inch", {"length", 254, 1}},       {"inche", {"length", 254, 1}},
    {"in", {"length", 254, 1}},         {"ft", {"length", 3048, 1}},
    {"foot", {"length", 3048, 1}},      {"feet", {"length", 3048, 1}},
    {"yd", {"length", 9144, 1}},        {"yard", {"length", 9144, 1}},
    {"mi", {"length", 16093440, 1}},    {"mile", {"length", 16093440, 1}},
    {"s", {"time", 1, 1}},              {"sec", {"time", 1, 1}},
    {"second", {"time", 1, 1}},         {"min", {"time", 60, 1}},
    {"minute", {"time", 60, 1}},        {"h", {"time", 3600, 1}},
    {"hr", {"time", 3600, 1}},          {"hour", {"time", 3600, 1}},
    {"day", {"time", 86400, 1}},        {"week", {"time", 604800, 1}},
    {"year", {"years", 12, 1}},         {"month", {"years", 1, 1}},
    {"g", {"mass", 1, 1}},              {"gram", {"mass", 1, 1}},
    {"kg", {"mass", 1000, 1}},          {"kilogram", {"mass", 1000, 1}},
    {"mg", {"mass", 1, 1000}},          {"lb", {"pounds", 16, 1}},
    {"ounce", {"pounds", 1, 1}},        {"oz", {"pounds", 1, 1}},
    {"l", {"volume", 1000, 1}},         {"liter", {"volume", 1000, 1}},
    {"litre", {"volume", 1000, 1}},     {"ml", {"volume", 1, 1}},
    {"milliliter", {"volume", 1, 1}},   {"gallon", {"gallons", 4, 1}},
    {"quart", {"gallons", 1, 1}},       {"dollar", {"dollars", 100, 1}},
    {"cent", {"dollars", 1, 1}},        {"usd", {"dollars", 100, 1}},
    {"euro", {"euros", 1, 1}},          {"eur", {"euros", 1, 1}},
    {"gbp", {"pounds sterling", 1, 1}}, {"yuan", {"yuan", 1, 1}},
    {"元", {"yuan", 1, 1}},             {"rupee", {"rupees", 1, 1}},
    {"mph", {"mph", 1, 1}},             {"am", {"before noon", 1, 1}},
    {"pm", {"after noon", 1, 1}},       {"radian", {"radians", 1, 1}},
    {"rad", {"radians", 1, 1}},         {"joule", {"joules", 1, 1}},
    {"j", {"joules", 1, 1}},            {"newton", {"newtons", 1, 1}},
    {"hz", {"hertz", 1, 1}},            {"volt", {"volts", 1, 1}},
    {"watt", {"watts", 1, 1}},          {"ohm", {"ohms", 1, 1}},
    {"mol", {"moles", 1, 1}},           {"mole", {"moles", 1, 1}},
    {"厘米", {"length", 100, 1}},       {"米", {"length", 10000, 1}},
    {"千米", {"length", 10000000, 1}},  {"公里", {"length", 10000000, 1}},
    {"小时", {"time", 3600, 1}},        {"分钟", {"time", 60, 1}},
    {"秒", {"time", 1, 1}},             {"克", {"mass", 1, 1}},
    {"千克", {"mass", 1000, 1}},
};

// With these a number says something else.
constexpr std::array<View, 38> kChanging = {
    "or",     "and",    "not",     "less",     "more",   "than",   "least",   "most",    "minus",
    "plus",   "times",  "hundred", "dozen",    "half",   "squared", "cubed",  "over",    "divided",
    "negative", "below", "above",  "under",    "mod",    "choose", "except",  "between", "greater",
    "factorial", "no",  "neither", "thousand", "million", "billion", "trillion", "million)", "up",
    "through", "to"};

constexpr std::array<View, 46> kPreamble = {
    "the",    "answer",  "is",    "about",   "approximately", "final",  "equals", "equal", "to",
    "exactly", "only",   "just",  "total",   "of",     "a",      "an",     "are",   "value", "there",
    "it",     "so",      "thus",  "therefore", "hence", "area",  "volume", "length", "result", "has",
    "have",   "we",      "get",   "roughly", "around", "distance", "which", "was",  "perimeter",
    "probability", "number", "sum", "choice", "option", "radius", "all", "domain"};

// "square cm", "cm squared", "cubic feet", "cm^2": the power, which is taken out of `words`.
int take_power(std::string& words) {
  struct Power {
    View text;
    int power;
  };
  constexpr std::array<Power, 10> kPowers = {{{"square ", 2}, {"sq ", 2},     {"sq. ", 2},
                                              {" squared", 2}, {"^2", 2},     {"cubic ", 3},
                                              {"cu ", 3},      {" cubed", 3}, {"^3", 3},
                                              {"平方", 2}}};
  for (const auto& entry : kPowers) {
    const auto at = words.find(entry.text);
    if (at == std::string::npos) continue;
    words.erase(at, entry.text.size());
    return entry.power;
  }
  return 1;
}

template <class Predicate>
bool any_word(View words, Predicate predicate) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (end > 0 && predicate(words.substr(0, end))) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

const Named* find_unit(View word) {
  for (const auto& entry : kUnits) {
    if (word == entry.name) return &entry;
  }
  if (word.size() > 2 && word.ends_with('s')) {
    word.remove_suffix(1);
    for (const auto& entry : kUnits) {
      if (word == entry.name) return &entry;
    }
  }
  return nullptr;
}

constexpr std::array<View, 4> kSquares = {"", "area of ", "volume of ", ""};

}  // namespace

bool is_unit(View word) {
  return find_unit(word) != nullptr;
}

std::optional<Unit> unit_of(View words) {
  std::string text(words);
  std::erase(text, '.');
  const int power = take_power(text);
  const auto* const found = find_unit(text);
  if (found == nullptr) return std::nullopt;
  Unit unit = found->unit;
  if (power == 1) return unit;
  if (unit.dimension != "length") return std::nullopt;
  for (int i = 1; i < power; ++i) unit.numerator *= found->unit.numerator;
  unit.dimension = kSquares[static_cast<std::size_t>(power - 1)];
  return unit;
}

bool changes_number(View words) {
  return any_word(words, [](View word) {
    return std::find(kChanging.begin(), kChanging.end(), word) != kChanging.end();
  });
}

std::optional<int> scale_of(View word) {
  if (word == "hundred") return 2;
  if (word == "thousand") return 3;
  if (word == "million") return 6;
  if (word == "billion") return 9;
  if (word == "trillion") return 12;
  return std::nullopt;
}

bool is_preamble(View words) {
  return !any_word(words, [](View word) {
    return std::find(kPreamble.begin(), kPreamble.end(), word) == kPreamble.end();
  });
}

}  // namespace pingjia::suites
