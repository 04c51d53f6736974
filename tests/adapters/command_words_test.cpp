#include "adapters/command_words.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace pingjia::adapters {
namespace {

using Words = std::vector<std::string>;

TEST(CommandWords, SplitsAsAShellWould) {
  EXPECT_EQ(command_words("python3  my_adapter.py\t--fast", ""),
            (Words{"python3", "my_adapter.py", "--fast"}));
  EXPECT_EQ(command_words(R"('a b' "c d"e '' f\ g)", ""), (Words{"a b", "c de", "", "f g"}));
  EXPECT_EQ(command_words(R"("a\"b\\c\n" '\x')", ""), (Words{R"(a"b\c\n)", R"(\x)"}));
}

TEST(CommandWords, ExpandsNothing) {
  EXPECT_EQ(command_words("echo $HOME * ; rm", ""), (Words{"echo", "$HOME", "*", ";", "rm"}));
}

TEST(CommandWords, OpenQuoteAndNothingAreErrors) {
  EXPECT_THROW(command_words("a 'b", "here"), harness::Error);
  EXPECT_THROW(command_words("   ", "here"), harness::Error);
}

}  // namespace
}  // namespace pingjia::adapters
