#include "harness/commands/arguments.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

const CommandUsage kUsage{
    "try", "FILE...", 1,
    2,     "Tries.",  {{"resume", "DIR", "go on"}, {"o", "FILE", "out"}, {"json", "", "as JSON"}}};

Arguments parse(std::vector<std::string> arguments) {
  return Arguments(kUsage, arguments);
}

std::string refusal(std::vector<std::string> arguments) {
  try {
    parse(std::move(arguments));
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Arguments, OptionsStandAnywhere) {
  const Arguments arguments = parse({"a.json", "--resume", "dir", "--json", "b.json"});
  EXPECT_EQ(arguments.value("resume"), "dir");
  EXPECT_TRUE(arguments.has("json"));
  EXPECT_EQ(arguments.positionals(), (std::vector<std::string>{"a.json", "b.json"}));
  EXPECT_EQ(parse({"x", "--resume=dir"}).value("resume"), "dir");
  EXPECT_EQ(parse({"x", "-o", "file"}).value("o"), "file");
}

TEST(Arguments, AFlagTakesNoValueFromTheNextWord) {
  EXPECT_EQ(parse({"--json", "a.json"}).positionals(), (std::vector<std::string>{"a.json"}));
}

TEST(Arguments, WhatIsUnknownNamesTheNearest) {
  EXPECT_NE(refusal({"x", "--resum", "d"}).find("did you mean '--resume'?"), std::string::npos);
  EXPECT_NE(refusal({"x", "--zzzzzzzz"}).find("pingjia help try"), std::string::npos);
}

TEST(Arguments, TooFewAndTooManyAreRefused) {
  EXPECT_NE(refusal({}).find("takes FILE..., got 0"), std::string::npos);
  EXPECT_NE(refusal({"a", "b", "c"}).find("got 3"), std::string::npos);
  EXPECT_NE(refusal({"a", "--resume"}).find("pingjia try"), std::string::npos);
}

TEST(Arguments, UsageNamesEveryOption) {
  const std::string text = usage_text(kUsage);
  EXPECT_NE(text.find("pingjia try FILE... [--resume DIR] [-o FILE] [--json]"), std::string::npos)
      << text;
  EXPECT_NE(text.find("go on"), std::string::npos);
}

}  // namespace
}  // namespace pingjia::harness
