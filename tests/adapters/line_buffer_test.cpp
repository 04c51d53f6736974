#include "adapters/line_buffer.h"

#include <gtest/gtest.h>

#include <vector>

#include "harness/base/rng.h"

namespace pingjia::adapters {
namespace {

std::vector<std::string> lines_of(LineBuffer& buffer) {
  std::vector<std::string> lines;
  while (const auto line = buffer.next()) lines.emplace_back(*line);
  return lines;
}

TEST(LineBuffer, KeepsWhatIsNotYetALine) {
  LineBuffer buffer;
  buffer.append("one\r\n\ntw");
  EXPECT_EQ(lines_of(buffer), (std::vector<std::string>{"one", ""}));
  buffer.append("o\n");
  EXPECT_EQ(lines_of(buffer), (std::vector<std::string>{"two"}));
}

TEST(LineBuffer, AnyCutOfTheBytesGivesTheSameLines) {
  harness::Rng rng(5, "cuts");
  std::string text;
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    expected.emplace_back(rng.below(30), static_cast<char>('a' + rng.below(26)));
    text += expected.back() + "\n";
  }
  for (int round = 0; round < 20; ++round) {
    LineBuffer buffer;
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t count = 1 + rng.below(40);
      buffer.append(std::string_view(text).substr(at, count));
      at += count;
      for (auto& line : lines_of(buffer)) lines.push_back(std::move(line));
    }
    EXPECT_EQ(lines, expected);
  }
}

TEST(LineBuffer, LineBeyondTheLimitOverflowsForGood) {
  LineBuffer buffer(8);
  buffer.append("12345678\n123456789");
  EXPECT_EQ(lines_of(buffer), (std::vector<std::string>{"12345678"}));
  EXPECT_TRUE(buffer.overflowed());
  buffer.append("\nshort\n");
  EXPECT_TRUE(lines_of(buffer).empty());
}

}  // namespace
}  // namespace pingjia::adapters
