#include "adapters/engines/held_text.h"

#include <gtest/gtest.h>

namespace pingjia::adapters::engines {
namespace {

TEST(HeldText, ShowsWholeCodePointsOnly) {
  HeldText text({});
  EXPECT_EQ(text.add("a\xE5"), "a");
  EXPECT_EQ(text.add("\xB9"), "");
  EXPECT_EQ(text.add("\xB3!"), "\xE5\xB9\xB3!");
  EXPECT_EQ(text.finish(), "");
}

TEST(HeldText, HoldsEveryBeginningOfAFourByteCodePoint) {
  const std::string smile = "\xF0\x9F\x98\x80";
  HeldText text({});
  EXPECT_EQ(text.add(smile.substr(0, 1)), "");
  EXPECT_EQ(text.add(smile.substr(1, 1)), "");
  EXPECT_EQ(text.add(smile.substr(2, 1)), "");
  EXPECT_EQ(text.add(smile.substr(3, 1)), smile);
}

TEST(HeldText, ReplacesBytesThatAreNoUtf8) {
  HeldText text({});
  EXPECT_EQ(text.add("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(text.add("\xC3"), "");
  EXPECT_EQ(text.add("z"), "\xEF\xBF\xBDz");
  EXPECT_EQ(text.add("\xE5\xB9"), "");
  EXPECT_EQ(text.finish(), "\xEF\xBF\xBD");
}

TEST(HeldText, RefusesOverlongAndSurrogateForms) {
  HeldText text({});
  EXPECT_EQ(text.add("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(text.add("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(HeldText, StopsAtAStopStringAcrossTokens) {
  HeldText text({"\nQ:"});
  EXPECT_EQ(text.add("42"), "42");
  EXPECT_EQ(text.add("\n"), "");
  EXPECT_EQ(text.add("Q"), "");
  EXPECT_FALSE(text.stopped());
  EXPECT_EQ(text.add(": more"), "");
  EXPECT_TRUE(text.stopped());
  EXPECT_EQ(text.add("later"), "");
  EXPECT_EQ(text.finish(), "");
}

TEST(HeldText, ShowsWhatOnlyLookedLikeAStopString) {
  HeldText text({"\nQ:"});
  EXPECT_EQ(text.add("\nQ"), "");
  EXPECT_EQ(text.add("\nx"), "\nQ\nx");
  EXPECT_EQ(text.add("\n"), "");
  EXPECT_EQ(text.finish(), "\n");
}

TEST(HeldText, TakesTheEarliestOfSeveralStops) {
  HeldText text({"zzz", "b", "abc"});
  EXPECT_EQ(text.add("xxabc"), "xx");
  EXPECT_TRUE(text.stopped());
}

TEST(HeldText, IgnoresAnEmptyStop) {
  HeldText text({""});
  EXPECT_EQ(text.add("abc"), "abc");
  EXPECT_FALSE(text.stopped());
}

TEST(HeldText, FindsAStopInsideACodePointSequence) {
  HeldText text({"\xE3\x80\x82"});
  EXPECT_EQ(text.add("\xE5\xB9\xB3\xE3\x80"), "\xE5\xB9\xB3");
  EXPECT_EQ(text.add("\x82"), "");
  EXPECT_TRUE(text.stopped());
}

}  // namespace
}  // namespace pingjia::adapters::engines
