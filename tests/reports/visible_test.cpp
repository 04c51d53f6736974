#include "reports/visible.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

TEST(Visible, PlainTextStays) {
  EXPECT_EQ(visible("12 + 34 = 46"), "12 + 34 = 46");
}

TEST(Visible, ControlsBecomePictures) {
  EXPECT_EQ(visible("\x1b[31mred\x07"), "␛[31mred␇");
  EXPECT_EQ(visible(std::string("a\0b", 3)), "a␀b");
  EXPECT_EQ(visible("\x7f"), "␡");
}

TEST(Visible, BreaksAreKeptOnlyWhereTheyBelong) {
  EXPECT_EQ(visible("a\nb\tc", Breaks::kKeep), "a\nb\tc");
  EXPECT_EQ(visible("a\nb\tc", Breaks::kShow), "a␊b␉c");
  EXPECT_EQ(visible("a\r\nb", Breaks::kKeep), "a␍\nb");
}

TEST(Visible, BidirectionalAndUnseenMarksAreSpeltOut) {
  EXPECT_EQ(visible("\xE2\x80\xAE"
                    "abc"),
            "⟨U+202E⟩abc");
  EXPECT_EQ(visible("\xE2\x80\x8B"), "⟨U+200B⟩");
  EXPECT_EQ(visible("\xF3\xA0\x81\x81"), "⟨U+E0041⟩");
}

TEST(Visible, JoinersOfEmojiStay) {
  const std::string family = "👩‍👧";
  EXPECT_EQ(visible(family), family);
}

TEST(Visible, BrokenUtf8IsReplaced) {
  EXPECT_EQ(visible("a\xFF z"), "a\xEF\xBF\xBD z");
}

TEST(VisibleExcerpt, SaysHowMuchWasCut) {
  const Excerpt kept = visible_excerpt("0123456789", 4);
  EXPECT_EQ(kept.text, "0123");
  EXPECT_EQ(kept.cut, 6U);
  EXPECT_EQ(visible_excerpt("0123", 4).cut, 0U);
}

TEST(VisibleExcerpt, NeverCutsInsideACodePoint) {
  const Excerpt kept = visible_excerpt("ab€cd", 3);
  EXPECT_EQ(kept.text, "ab");
  EXPECT_EQ(kept.cut, 5U);
}

TEST(DisplayWidth, CountsTerminalColumns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("评价"), 4U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);
}

TEST(Elide, EndsWithAnEllipsisWhereItCuts) {
  EXPECT_EQ(elide("abcdef", 6), "abcdef");
  EXPECT_EQ(elide("abcdef", 4), "abc…");
  EXPECT_EQ(elide("评价平价", 5), "评价…");
}

}  // namespace
}  // namespace pingjia::reports
