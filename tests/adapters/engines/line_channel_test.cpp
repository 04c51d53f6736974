#include "adapters/engines/line_channel.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "adapters/process_version.h"

namespace pingjia::adapters::engines {
namespace {

/// A channel with both far ends in our hands.
class LineChannelTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(pipe2(in_, O_CLOEXEC), 0);
    ASSERT_EQ(pipe2(out_, O_CLOEXEC), 0);
  }
  void TearDown() override {
    for (const int end : {in_[0], in_[1], out_[0], out_[1]}) {
      close(end);
    }
  }
  void give(const std::string& bytes) {
    ASSERT_EQ(write(in_[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  }
  std::string taken() {
    std::string bytes(1U << 20, '\0');
    const ssize_t count = read(out_[0], bytes.data(), bytes.size());
    return bytes.substr(0, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }

  int in_[2];
  int out_[2];
};

using Lines = std::vector<std::string>;

TEST_F(LineChannelTest, GivesWholeLines) {
  LineChannel channel(in_[0], out_[1]);
  give("one\ntw");
  EXPECT_EQ(channel.exchange(0), Lines{"one"});
  give("o\nthree\n");
  EXPECT_EQ(channel.exchange(0), (Lines{"two", "three"}));
  EXPECT_EQ(channel.exchange(0), Lines{});
}

TEST_F(LineChannelTest, TakesALastLineWithoutNewline) {
  LineChannel channel(in_[0], out_[1]);
  give("end");
  EXPECT_EQ(channel.exchange(0), Lines{});
  close(in_[1]);
  EXPECT_EQ(channel.exchange(0), Lines{"end"});
  EXPECT_TRUE(channel.input_ended());
  in_[1] = open("/dev/null", O_WRONLY | O_CLOEXEC);
}

TEST_F(LineChannelTest, NeverBlocksOnAFullPipe) {
  LineChannel channel(in_[0], out_[1]);
  const std::string line(1000, 'x');
  for (int i = 0; i < 1000; ++i) {
    channel.send(line);
    channel.exchange(0);
  }
  EXPECT_FALSE(channel.drained());
  std::size_t got = 0;
  while (got < 1000 * 1001) {
    channel.exchange(0);
    got += taken().size();
  }
  EXPECT_EQ(got, 1000U * 1001U);
  EXPECT_TRUE(channel.drained());
}

TEST_F(LineChannelTest, PassesOverALineThatIsTooLong) {
  LineChannel channel(in_[0], out_[1]);
  Lines lines;
  const std::string part(60000, 'x');
  for (std::size_t sent = 0; sent <= kLongestLine; sent += part.size()) {
    give(part);
    for (std::string& line : channel.exchange(0)) {
      lines.push_back(std::move(line));
    }
  }
  give("still the same line\nnext\n");
  for (std::string& line : channel.exchange(0)) {
    lines.push_back(std::move(line));
  }
  EXPECT_EQ(lines, (Lines{"(a line of more than 16 MiB)", "next"}));
}

}  // namespace
}  // namespace pingjia::adapters::engines
