#include "suites/math/vocabulary.h"

#include <algorithm>
#include <array>
#include <span>

namespace pingjia::suites {

namespace {

using View = std::string_view;
using enum TokenKind;

struct Entry {
  View name;
  Meaning meaning;
};

// Sorted by name, for binary search; a test would fail on any that is not found.
constexpr Entry kCommands[] = {
    {"Longleftrightarrow", {kSign, "~"}},
    {"Pr", {kLetter, "Pr"}},
    {"approx", {kSign, "~"}},
    {"arccos", {kFunction, "arccos"}},
    {"arccot", {kFunction, "arccot"}},
    {"arcsin", {kFunction, "arcsin"}},
    {"arctan", {kFunction, "arctan"}},
    {"ast", {kOperator, "*"}},
    {"backslash", {kOperator, "minus"}},
    {"bigcap", {kOperator, "cap"}},
    {"bigcup", {kOperator, "cup"}},
    {"binom", {kFunction, "binom"}},
    {"bmod", {kOperator, "mod"}},
    {"cap", {kOperator, "cap"}},
    {"cdot", {kOperator, "*"}},
    {"cdots", {kDots, "..."}},
    {"cfrac", {kFunction, "frac"}},
    {"choose", {kOperator, "choose"}},
    {"circ", {kOperator, "deg"}},
    {"colon", {kOperator, ":"}},
    {"cong", {kSign, "~"}},
    {"cos", {kFunction, "cos"}},
    {"cosh", {kFunction, "cosh"}},
    {"cot", {kFunction, "cot"}},
    {"coth", {kFunction, "coth"}},
    {"csc", {kFunction, "csc"}},
    {"cup", {kOperator, "cup"}},
    {"dbinom", {kFunction, "binom"}},
    {"degree", {kOperator, "deg"}},
    {"det", {kFunction, "det"}},
    {"dfrac", {kFunction, "frac"}},
    {"div", {kOperator, "/"}},
    {"dots", {kDots, "..."}},
    {"dotsb", {kDots, "..."}},
    {"dotsc", {kDots, "..."}},
    {"emptyset", {kSetName, "empty"}},
    {"equiv", {kSign, "~"}},
    {"euro", {kCurrency, "euro"}},
    {"exp", {kFunction, "exp"}},
    {"frac", {kFunction, "frac"}},
    {"gcd", {kFunction, "gcd"}},
    {"ge", {kSign, ">="}},
    {"geq", {kSign, ">="}},
    {"geqslant", {kSign, ">="}},
    {"gt", {kSign, ">"}},
    {"iff", {kSign, "~"}},
    {"in", {kSign, "in"}},
    {"infty", {kConstantName, "inf"}},
    {"int", {kFunction, "int"}},
    {"land", {kConnector, "and"}},
    {"langle", {kOpen, "<"}},
    {"lbrace", {kOpen, "\\{"}},
    {"lbrack", {kOpen, "["}},
    {"lceil", {kOpen, "ceil"}},
    {"lcm", {kFunction, "lcm"}},
    {"ldots", {kDots, "..."}},
    {"le", {kSign, "<="}},
    {"leq", {kSign, "<="}},
    {"leqslant", {kSign, "<="}},
    {"lfloor", {kOpen, "floor"}},
    {"lg", {kFunction, "lg"}},
    {"lim", {kFunction, "lim"}},
    {"ln", {kFunction, "ln"}},
    {"log", {kFunction, "log"}},
    {"lor", {kConnector, "or"}},
    {"lparen", {kOpen, "("}},
    {"lt", {kSign, "<"}},
    {"lvert", {kOpen, "|"}},
    {"max", {kFunction, "max"}},
    {"mid", {kBar, "|"}},
    {"min", {kFunction, "min"}},
    {"mod", {kOperator, "mod"}},
    {"mp", {kOperator, "-+"}},
    {"ne", {kSign, "!="}},
    {"neq", {kSign, "!="}},
    {"over", {kOperator, "over"}},
    {"overline", {kFunction, "overline"}},
    {"pi", {kConstantName, "pi"}},
    {"pm", {kOperator, "+-"}},
    {"pmod", {kFunction, "pmod"}},
    {"pounds", {kCurrency, "pound"}},
    {"prime", {kOperator, "'"}},
    {"prod", {kFunction, "prod"}},
    {"rangle", {kClose, ">"}},
    {"rbrace", {kClose, "\\}"}},
    {"rbrack", {kClose, "]"}},
    {"rceil", {kClose, "ceil"}},
    {"rfloor", {kClose, "floor"}},
    {"rparen", {kClose, ")"}},
    {"rvert", {kClose, "|"}},
    {"sec", {kFunction, "sec"}},
    {"setminus", {kOperator, "minus"}},
    {"sim", {kSign, "~"}},
    {"sin", {kFunction, "sin"}},
    {"sinh", {kFunction, "sinh"}},
    {"smallsetminus", {kOperator, "minus"}},
    {"sqrt", {kFunction, "sqrt"}},
    {"star", {kOperator, "*"}},
    {"subset", {kSign, "~"}},
    {"subseteq", {kSign, "~"}},
    {"sum", {kFunction, "sum"}},
    {"tan", {kFunction, "tan"}},
    {"tanh", {kFunction, "tanh"}},
    {"tbinom", {kFunction, "binom"}},
    {"textdegree", {kOperator, "deg"}},
    {"tfrac", {kFunction, "frac"}},
    {"times", {kOperator, "*"}},
    {"to", {kSign, "~"}},
    {"underline", {kFunction, "underline"}},
    {"varepsilon", {kLetter, "epsilon"}},
    {"varnothing", {kSetName, "empty"}},
    {"varphi", {kLetter, "phi"}},
    {"vartheta", {kLetter, "theta"}},
    {"vee", {kConnector, "or"}},
    {"vert", {kBar, "|"}},
    {"wedge", {kConnector, "and"}},
};

// Spacing and dress. What is in braces after some of them is handled by the lexer.
constexpr View kDropped[] = {
    "Big",          "Bigg",        "Bigl",       "Bigr",     "Biggl",     "Biggr",
    "Large",        "Longrightarrow", "Rightarrow", "allowbreak", "because", "bf",
    "big",          "bigg",        "biggl",      "biggr",    "bigl",      "bigr",
    "boldsymbol",   "bm",          "boxed",      "centering", "color",    "displaystyle",
    "enspace",      "fbox",        "hfill",      "implies",  "left",      "limits",
    "ltimes",       "mathbf",      "mathit",     "mathopen", "mathclose", "mathsf",
    "medspace",     "middle",      "negthinspace", "newline", "nolimits", "nonumber",
    "normalsize",   "qquad",       "quad",       "right",    "rm",        "scriptstyle",
    "small",        "space",       "textstyle",  "therefore", "thickspace", "thinspace",
    "vec",          "hat",         "overrightarrow", "overset", "hline", "Large",
    "nobreak",      "noindent",    "par",        "tiny",     "large",     "mathstrut",
    "strut",        "phantom",
};

// Words of plain text.
constexpr Entry kWords[] = {
    {"and", {kConnector, "and"}},      {"arccos", {kFunction, "arccos"}},
    {"arccot", {kFunction, "arccot"}}, {"arcsin", {kFunction, "arcsin"}},
    {"arctan", {kFunction, "arctan"}}, {"binom", {kFunction, "binom"}},
    {"acos", {kFunction, "arccos"}},   {"asin", {kFunction, "arcsin"}},
    {"atan", {kFunction, "arctan"}},   {"cbrt", {kFunction, "cbrt"}},
    {"cos", {kFunction, "cos"}},       {"cosh", {kFunction, "cosh"}},
    {"cot", {kFunction, "cot"}},       {"csc", {kFunction, "csc"}},
    {"cup", {kOperator, "cup"}},       {"deg", {kOperator, "deg"}},
    {"degree", {kOperator, "deg"}},    {"degrees", {kOperator, "deg"}},
    {"det", {kFunction, "det"}},       {"exp", {kFunction, "exp"}},
    {"frac", {kFunction, "frac"}},     {"gcd", {kFunction, "gcd"}},
    {"in", {kSign, "in"}},         {"inf", {kConstantName, "inf"}},
    {"infinity", {kConstantName, "inf"}},  {"infty", {kConstantName, "inf"}},
    {"lcm", {kFunction, "lcm"}},       {"lg", {kFunction, "lg"}},
    {"ln", {kFunction, "ln"}},         {"log", {kFunction, "log"}},
    {"max", {kFunction, "max"}},       {"min", {kFunction, "min"}},
    {"mod", {kOperator, "mod"}},       {"oo", {kConstantName, "inf"}},
    {"or", {kConnector, "or"}},        {"percent", {kOperator, "%"}},
    {"pi", {kConstantName, "pi"}},         {"pm", {kOperator, "+-"}},
    {"sec", {kFunction, "sec"}},       {"sin", {kFunction, "sin"}},
    {"sinh", {kFunction, "sinh"}},     {"sqrt", {kFunction, "sqrt"}},
    {"tan", {kFunction, "tan"}},       {"tanh", {kFunction, "tanh"}},
    {"union", {kOperator, "cup"}},     {"abs", {kFunction, "abs"}},
};

constexpr CharacterMeaning kCharacters[] = {
    {"×", {kOperator, "*"}},      {"·", {kOperator, "*"}},      {"∗", {kOperator, "*"}},
    {"⋅", {kOperator, "*"}},      {"•", {kOperator, "*"}},      {"÷", {kOperator, "/"}},
    {"∕", {kOperator, "/"}},      {"√", {kFunction, "sqrt"}},   {"∛", {kFunction, "cbrt"}},
    {"π", {kConstantName, "pi"}},     {"∞", {kConstantName, "inf"}},    {"±", {kOperator, "+-"}},
    {"∓", {kOperator, "-+"}},     {"≤", {kSign, "<="}},     {"≥", {kSign, ">="}},
    {"⩽", {kSign, "<="}},     {"⩾", {kSign, ">="}},     {"≦", {kSign, "<="}},
    {"≧", {kSign, ">="}},     {"≠", {kSign, "!="}},     {"≈", {kSign, "~"}},
    {"∈", {kSign, "in"}},     {"∪", {kOperator, "cup"}},    {"∩", {kOperator, "cap"}},
    {"∖", {kOperator, "minus"}},  {"∅", {kSetName, "empty"}},  {"ø", {kSetName, "empty"}},
    {"ℝ", {kSetName, "R"}},      {"ℤ", {kSetName, "Z"}},      {"ℕ", {kSetName, "N"}},
    {"ℚ", {kSetName, "Q"}},      {"ℂ", {kSetName, "C"}},      {"°", {kOperator, "deg"}},
    {"º", {kOperator, "deg"}},    {"′", {kOperator, "'"}},      {"…", {kDots, "..."}},
    {"⋯", {kDots, "..."}},    {"⌊", {kOpen, "floor"}},      {"⌋", {kClose, "floor"}},
    {"⌈", {kOpen, "ceil"}},       {"⌉", {kClose, "ceil"}},      {"⟨", {kOpen, "<"}},
    {"⟩", {kClose, ">"}},         {"〈", {kOpen, "<"}},         {"〉", {kClose, ">"}},
    {"€", {kCurrency, "euro"}},   {"£", {kCurrency, "pound"}},  {"¥", {kCurrency, "yuan"}},
    {"₹", {kCurrency, "rupee"}},  {"α", {kLetter, "alpha"}},    {"β", {kLetter, "beta"}},
    {"γ", {kLetter, "gamma"}},    {"δ", {kLetter, "delta"}},    {"ε", {kLetter, "epsilon"}},
    {"θ", {kLetter, "theta"}},    {"λ", {kLetter, "lambda"}},   {"μ", {kLetter, "mu"}},
    {"σ", {kLetter, "sigma"}},    {"φ", {kLetter, "phi"}},      {"ω", {kLetter, "omega"}},
    {"ρ", {kLetter, "rho"}},      {"τ", {kLetter, "tau"}},      {"Δ", {kLetter, "Delta"}},
    {"∠", {kLetter, "angle"}},    {"∧", {kConnector, "and"}},   {"∨", {kConnector, "or"}},
    {"和", {kConnector, "and"}},  {"或", {kConnector, "or"}},   {"、", {kOperator, ","}},
    {"与", {kConnector, "and"}},  {"且", {kConnector, "and"}},  {"∶", {kOperator, ":"}},
};

const Meaning* find(std::span<const Entry> table, View name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Entry& entry) { return entry.name == name; });
  return found == table.end() ? nullptr : &found->meaning;
}

}  // namespace

std::optional<Meaning> command_meaning(View name) {
  const auto at = std::lower_bound(std::begin(kCommands), std::end(kCommands), name,
                                   [](const Entry& entry, View wanted) { return entry.name < wanted; });
  if (at != std::end(kCommands) && at->name == name) return at->meaning;
  if (std::find(std::begin(kDropped), std::end(kDropped), name) != std::end(kDropped)) {
    return std::nullopt;
  }
  return Meaning{kLetter, name};
}

std::optional<Meaning> word_meaning(View word) {
  const auto* const known = find(kWords, word);
  return known != nullptr ? std::optional(*known) : std::nullopt;
}

std::optional<CharacterMeaning> character_meaning(View text) {
  for (const auto& entry : kCharacters) {
    if (text.starts_with(entry.character)) return entry;
  }
  return std::nullopt;
}

}  // namespace pingjia::suites
