#include "suites/scorers/exact.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "tests/suites/scorers/case_table.h"

namespace pingjia::suites {
namespace {

std::unique_ptr<harness::Scorer> exact(const char* options = "{}") {
  return make_exact(nlohmann::json::parse(options), "test");
}

TEST(Exact, ByDefaultTrimmedAndNormalised) {
  const Case cases[] = {
      {"cat", "cat", "right", "cat", "all"},
      {"  cat\n", "cat", "right", "cat", "all"},
      {"\tcat\r\n", " cat ", "right", "cat", "all"},
      {"Cat", "cat", "wrong", "Cat", "all"},
      {"cat.", "cat", "wrong", "cat.", "all"},
      {"a cat", "cat", "wrong", "a cat", "all"},
      {"c at", "cat", "wrong", "c at", "all"},
      {"a  b", "a b", "wrong", "a  b", "all"},
      {"cat\ndog", "cat", "wrong", "cat\ndog", "all"},
      {"", "cat", "parse_failed", "", ""},
      {" \n\t ", "cat", "parse_failed", "", ""},
      {"cafe\u0301", "caf\u00e9", "right", "caf\u00e9", "all"},
      {"caf\u00e9", "cafe\u0301", "right", "caf\u00e9", "all"},
      {"cafe", "caf\u00e9", "wrong", "cafe", "all"},
      {"가", "\u1100\u1161", "right", "가", "all"},
      {"猫", "猫", "right", "猫", "all"},
      {"ｃａｔ", "cat", "wrong", "ｃａｔ", "all"},
      {"<think>dog?</think>cat", "cat", "right", "cat", "all"},
      {"dog?</think>\n\ncat", "cat", "right", "cat", "all"},
      {"<think>cat", "cat", "parse_failed", "", ""},
      {"cat <think>dog", "cat", "right", "cat", "all"},
      {"a <b> c", "a <b> c", "right", "a <b> c", "all"},
      {"<thinking>a</thinking>b<thinking>c</thinking>d", "bd", "right", "bd", "all"},
      {"<think>a <think> b</think>cat", "cat", "right", "cat", "all"},
  };
  expect_cases(*exact(), cases);
}

TEST(Exact, Casefold) {
  const Case cases[] = {
      {"CAT", "cat", "right", "cat", "all"},
      {"STRASSE", "straße", "right", "strasse", "all"},
      {"ΣΊΣΥΦΟΣ", "σίσυφος", "right", "σίσυφοσ", "all"},
      {"ÉTÉ", "e\u0301te\u0301", "right", "été", "all"},
      {"dog", "CAT", "wrong", "dog", "all"},
      {"ПРИВЕТ", "привет", "right", "привет", "all"},
  };
  expect_cases(*exact(R"({"casefold": true})"), cases);
}

TEST(Exact, SpacesAndStrip) {
  const Case collapsed[] = {
      {"a  b\n c", "a b c", "right", "a b c", "all"},
      {"ab", "a b", "wrong", "ab", "all"},
      {"\ta\t\tb ", "a  b", "right", "a b", "all"},
  };
  expect_cases(*exact(R"({"spaces": "collapse"})"), collapsed);
  const Case stripped[] = {
      {"\"cat\".", "cat", "right", "cat", "all"},  {"cat.", "cat.", "right", "cat", "all"},
      {" 'cat' ", "cat", "wrong", "'cat'", "all"}, {"\"..\"", "cat", "parse_failed", "", ""},
      {"c.t", "c.t", "right", "c.t", "all"},
  };
  expect_cases(*exact(R"({"strip": "\".,"})"), stripped);
}

TEST(Exact, Lines) {
  const Case first[] = {
      {"cat\nbecause", "cat", "right", "cat", "first_line"},
      {"\n\n cat \nx", "cat", "right", "cat", "first_line"},
      {"cat", "cat", "right", "cat", "first_line"},
      {"dog\ncat", "cat", "wrong", "dog", "first_line"},
      {"\n", "cat", "parse_failed", "", ""},
      {"cat\r\ndog", "cat", "right", "cat", "first_line"},
  };
  expect_cases(*exact(R"({"take": "first_line"})"), first);
  const Case last[] = {
      {"because\ncat", "cat", "right", "cat", "last_line"},
      {"x\n cat \n\n", "cat", "right", "cat", "last_line"},
      {"cat\ndog", "cat", "wrong", "dog", "last_line"},
      {"cat", "cat", "right", "cat", "last_line"},
  };
  expect_cases(*exact(R"({"take": "last_line"})"), last);
}

TEST(Exact, Pattern) {
  const Case last[] = {
      {"= cat\n= dog", "dog", "right", "dog", "pattern"},
      {"= cat", "cat", "right", "cat", "pattern"},
      {"cat", "cat", "parse_failed", "", ""},
      {"= \n", "cat", "parse_failed", "", ""},
      {"=cat", "cat", "parse_failed", "", ""},
  };
  expect_cases(*exact(R"js({"pattern": "= (.+)"})js"), last);
  const Case first[] = {
      {"= cat\n= dog", "cat", "right", "cat", "pattern"},
      {"= cat\n= dog", "dog", "wrong", "cat", "pattern"},
  };
  expect_cases(*exact(R"js({"pattern": "= (.+)", "match": "first"})js"), first);
  const Case whole[] = {
      {"a12b345c", "345", "right", "345", "pattern"},
      {"abc", "345", "parse_failed", "", ""},
  };
  expect_cases(*exact(R"({"pattern": "[0-9]+"})"), whole);
  // An empty match must not stop the search for ever.
  const Case empty[] = {{"abc", "x", "parse_failed", "", ""}};
  expect_cases(*exact(R"({"pattern": "x*"})"), empty);
  const Case anchored[] = {{"cat dog", "cat", "right", "cat", "pattern"}};
  expect_cases(*exact(R"({"pattern": "^[a-z]+"})"), anchored);
}

TEST(Exact, OptionsAreChecked) {
  for (const auto* options :
       {R"({"case": "fold"})", R"({"casefold": "yes"})", R"({"take": "second_line"})",
        R"js({"pattern": "("})js", R"js({"pattern": "(a)(b)"})js", R"({"spaces": "none"})", "[]",
        R"({"match": "any"})"}) {
    EXPECT_THROW(exact(options), harness::Error) << options;
  }
}

}  // namespace
}  // namespace pingjia::suites
