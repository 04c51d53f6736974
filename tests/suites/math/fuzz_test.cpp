#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "suites/scorers/math.h"

namespace pingjia::suites {
namespace {

using nlohmann::json;

std::vector<std::string> seeds() {
  std::ifstream file(PINGJIA_SOURCE_DIR "/tests/suites/math/cases.jsonl");
  std::vector<std::string> texts;
  for (std::string line; std::getline(file, line);) {
    const auto row = json::parse(line);
    texts.push_back(row.at("gold"));
    texts.push_back(row.at("answer"));
  }
  return texts;
}

const std::vector<std::string>& fragments() {
  static const std::vector<std::string> kFragments = {"\\frac",
                                                      "{",
                                                      "}",
                                                      "(",
                                                      ")",
                                                      "[",
                                                      "]",
                                                      "\\{",
                                                      "\\}",
                                                      "\\left",
                                                      "\\right",
                                                      "|",
                                                      "^",
                                                      "_",
                                                      "\\sqrt",
                                                      "!",
                                                      "%",
                                                      "\\pm",
                                                      "9^9^9^9",
                                                      "\\sum_{k=1}^{1000}",
                                                      "\\binom",
                                                      "\\begin{pmatrix}",
                                                      "\\end{pmatrix}",
                                                      "&",
                                                      "\\\\",
                                                      ",",
                                                      "\\cup",
                                                      "\\infty",
                                                      "=",
                                                      "<",
                                                      "\\le",
                                                      "\\in",
                                                      "x",
                                                      "\\sin",
                                                      "\\ln",
                                                      "i",
                                                      "\\pi",
                                                      "e",
                                                      "10000!",
                                                      "1e999999",
                                                      "0.",
                                                      "$",
                                                      "\\boxed{",
                                                      "\\text{",
                                                      "and",
                                                      " or ",
                                                      "####",
                                                      "Answer:",
                                                      "The answer is ",
                                                      "。",
                                                      "½",
                                                      "²",
                                                      "√",
                                                      "\xff",
                                                      "\xe4\xb8",
                                                      "\n",
                                                      "\\int",
                                                      "\\overline{",
                                                      "mod",
                                                      ":",
                                                      "-",
                                                      "+",
                                                      "*",
                                                      "/",
                                                      "\\circ",
                                                      "million",
                                                      "cm"};
  return kFragments;
}

std::string mutated(harness::Rng& rng, const std::vector<std::string>& texts) {
  std::string text = texts[rng.below(texts.size())];
  for (auto changes = 1 + rng.below(6); changes > 0; --changes) {
    const auto at = rng.below(text.size() + 1);
    switch (rng.below(6)) {
      case 0:
        text.insert(at, fragments()[rng.below(fragments().size())]);
        break;
      case 1:
        if (at < text.size()) text.erase(at, 1 + rng.below(4));
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(rng.below(256));
        break;
      case 3:
        text.insert(at, texts[rng.below(texts.size())]);
        break;
      case 4: {
        const auto length = rng.below(text.size() - at + 1);
        const auto part = text.substr(at, length);
        for (auto times = rng.below(8); times > 0 && text.size() < 3'000; --times) {
          text.insert(at, part);
        }
        break;
      }
      default:
        text = text.substr(0, at) + fragments()[rng.below(fragments().size())] + "{" +
               text.substr(at) + "}";
    }
    if (text.size() > 3'000) text.resize(3'000);
  }
  return text;
}

// Nothing crashes, and the same pair has the same verdict twice. PINGJIA_FUZZ_SECONDS runs it for
// that long and counts; without it, a fixed number of pairs.
TEST(MathFuzz, MutatedPairs) {
  const char* const asked = std::getenv("PINGJIA_FUZZ_SECONDS");
  const char* const seed = std::getenv("PINGJIA_FUZZ_SEED");
  const auto seconds = asked == nullptr ? 0 : std::atoi(asked);
  const auto scorer = make_math(json::object(), "test");
  const auto strict = make_math(json{{"strict", true}, {"precision", 2}}, "test");
  harness::Rng rng(seed == nullptr ? 7 : static_cast<std::uint64_t>(std::atoll(seed)), "math fuzz");
  const auto texts = seeds();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  long pairs = 0;
  while (seconds > 0 ? std::chrono::steady_clock::now() < until : pairs < 4'000) {
    const auto answer = mutated(rng, texts);
    const auto gold = rng.below(3) == 0 ? mutated(rng, texts) : texts[rng.below(texts.size())];
    const auto first = scorer->grade({gold, {}}, answer);
    if (pairs % 16 == 0) {
      EXPECT_EQ(scorer->grade({gold, {}}, answer).verdict, first.verdict) << gold << "\n" << answer;
    }
    // What strictness accepts nothing else may refuse.
    if (pairs % 4 == 0) {
      const auto under = strict->grade({gold, {}}, answer);
      if (under.verdict == harness::Verdict::kParseFailed) {
        EXPECT_EQ(first.verdict, harness::Verdict::kParseFailed);
      }
    }
    ++pairs;
  }
  RecordProperty("pairs", static_cast<int>(pairs));
  if (seconds > 0) GTEST_LOG_(INFO) << pairs << " pairs in " << seconds << " s";
}

// An answer that was made wrong by one number is never right.
TEST(MathFuzz, OffByOneIsNeverRight) {
  const auto scorer = make_math(json::object(), "test");
  harness::Rng rng(11, "off by one");
  const auto number = [&] { return static_cast<long>(2 + rng.below(97)); };
  for (int round = 0; round < 1'500; ++round) {
    const auto a = number();
    const auto b = number();
    const auto c = number();
    const auto text = [&](long x, long y, long z) {
      const auto s = [](long value) { return std::to_string(value); };
      switch (round % 10) {
        case 0:
          return "\\frac{" + s(x) + "}{" + s(y * 100 + z) + "}";
        case 1:
          return s(x) + "\\sqrt{" + s(y * y + 1) + "}+" + s(z);
        case 2:
          return "(" + s(x) + "," + s(y) + "," + s(z) + ")";
        case 3:
          return "[" + s(x) + "," + s(x + y) + ")\\cup(" + s(x + y + z) + ",\\infty)";
        case 4:
          return s(x) + "x^2+" + s(y) + "x-" + s(z);
        case 5:
          return "\\begin{pmatrix}" + s(x) + "&" + s(y) + "\\\\" + s(z) + "&1\\end{pmatrix}";
        case 6:
          return s(x) + "+" + s(y) + "i+" + s(z) + "\\pi";
        case 7:
          return "\\{" + s(x) + "," + s(x + y) + "," + s(x + y + z) + "\\}";
        case 8:
          return "\\sin(" + s(x) + "x)+\\ln " + s(y) + "-e^{" + s(z) + "}";
        default:
          return "y=" + s(x) + "x^{" + s(y) + "}+" + s(z);
      }
    };
    const auto gold = text(a, b, c);
    EXPECT_EQ(scorer->grade({gold, {}}, gold).verdict, harness::Verdict::kRight) << gold;
    for (const auto& wrong : {text(a + 1, b, c), text(a, b + 1, c), text(a, b, c + 1)}) {
      EXPECT_NE(scorer->grade({gold, {}}, wrong).verdict, harness::Verdict::kRight) << gold << "\n"
                                                                                    << wrong;
    }
  }
}

}  // namespace
}  // namespace pingjia::suites
