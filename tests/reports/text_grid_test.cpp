#include "reports/text_grid.h"

#include <gtest/gtest.h>

namespace pingjia::reports {
namespace {

TEST(TextGrid, AlignsNamesLeftAndNumbersRight) {
  TextGrid grid(1);
  grid.add({"name", "value"});
  grid.rule();
  grid.add({"a", "1"});
  EXPECT_EQ(grid.text(), "name  value\n────  ─────\na         1\n");
}

TEST(TextGrid, WideCharactersTakeTwoColumns) {
  TextGrid grid(1);
  grid.add({"评价", "1"});
  grid.add({"abcd", "2"});
  EXPECT_EQ(grid.text(), "评价  1\nabcd  2\n");
}

TEST(Wrap, BreaksAtBlanksAndIndents) {
  EXPECT_EQ(wrap("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(wrap("a-word-longer-than-the-line", 5, 2), "a-word-longer-than-the-line");
}

}  // namespace
}  // namespace pingjia::reports
