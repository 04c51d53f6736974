#include "harness/money/assumption.h"

#include <gtest/gtest.h>

#include <array>

#include "harness/base/error.h"
#include "harness/money/worked_example.h"

namespace pingjia::harness {
namespace {

constexpr std::array<AssumptionKind, 4> kKinds{{
    {"rate", "USD/h", "of a card", "1..2..4", "list", "2026-11-25"},
    {"share", "share", "of full load", "0.5", "ours", "", 0, 1},
    {"hours", "h", "of the run", "", "", ""},
    {"cards", "GPUs", "bought whole", "1", "ours", "", 1, 1000, true},
}};

TEST(Quantity, TakesScalesAndExponents) {
  EXPECT_EQ(parse_quantity("2.5"), 2.5);
  EXPECT_EQ(parse_quantity("2664k"), 2.664e6);
  EXPECT_EQ(parse_quantity("37B"), 37e9);
  EXPECT_EQ(parse_quantity("14.8T"), 14.8e12);
  EXPECT_EQ(parse_quantity("1e3M"), 1e9);
  for (const char* wrong : {"", "M", "x", "1x", "nan", "inf", "1e400", "2 M", "1,5", "--2"}) {
    EXPECT_FALSE(parse_quantity(wrong)) << wrong;
  }
}

TEST(Assumptions, StartFromTheirTable) {
  const Assumptions assumptions(kKinds);
  EXPECT_EQ(assumptions.at("rate"), 2);
  EXPECT_EQ(assumptions.find("rate").low, 1);
  EXPECT_EQ(assumptions.find("rate").high, 4);
  EXPECT_EQ(assumptions.find("rate").source, "list");
  EXPECT_FALSE(assumptions.find("share").low);
  EXPECT_FALSE(assumptions.has("hours"));
  EXPECT_EQ(assumptions.value_or("hours", 7), 7);
  EXPECT_THROW(assumptions.at("hours"), Error);
}

TEST(Assumptions, TakeAValueOrARange) {
  Assumptions assumptions(kKinds);
  assumptions.set("rate", "3..6", "mine", "2026-11-26", "test");
  EXPECT_EQ(assumptions.at("rate"), 4.5);
  EXPECT_EQ(assumptions.find("rate").source, "mine");
  assumptions.set("rate", "3", "mine", "", "test");
  EXPECT_FALSE(assumptions.find("rate").low);
  assumptions.set("cards", "1..4", "", "", "test");
  EXPECT_EQ(assumptions.at("cards"), 2);
  EXPECT_EQ(assumptions.with("rate", 9).at("rate"), 9);
  EXPECT_EQ(assumptions.at("rate"), 3);
}

TEST(Assumptions, RefuseWhatTheyCannotMean) {
  Assumptions assumptions(kKinds);
  for (const char* wrong : {"", "x", "-1", "4..1", "1..2..3..4", "1..", "..2", "1...2"}) {
    EXPECT_THROW(assumptions.set("rate", wrong, "", "", "test"), Error) << wrong;
  }
  EXPECT_THROW(assumptions.set("cards", "1.5", "", "", "test"), Error);
  EXPECT_THROW(assumptions.set("share", "1.5", "", "", "test"), Error);
  try {
    assumptions.set("ratte", "1", "", "", "case");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'rate'"), std::string::npos);
  }
}

TEST(WorkedExamples, AreReadWithTheirSources) {
  const char* text = R"({"schema_version": 1, "training": [{"name": "n", "title": "t", "inputs": [
      {"key": "rate", "value": "2", "source": "s", "date": "2025-01-01"}]}]})";
  const auto examples = worked_examples(text, "training", "test");
  ASSERT_EQ(examples.size(), 1U);
  EXPECT_EQ(examples[0].inputs.at(0).source, "s");
  EXPECT_THROW(worked_examples(text, "breakeven", "test"), Error);
}

}  // namespace
}  // namespace pingjia::harness
