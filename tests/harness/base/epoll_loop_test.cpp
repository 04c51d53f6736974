#include "harness/base/epoll_loop.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>

namespace pingjia::harness {
namespace {

// A pipe with one byte in it: readable until somebody reads.
class ReadyPipe {
 public:
  ReadyPipe() {
    EXPECT_EQ(pipe(ends_.data()), 0);
    EXPECT_EQ(write(ends_[1], "x", 1), 1);
  }
  ~ReadyPipe() {
    close(ends_[0]);
    close(ends_[1]);
  }
  int reader() const { return ends_[0]; }
  void drain() const {
    char byte = 0;
    EXPECT_EQ(read(ends_[0], &byte, 1), 1);
  }

 private:
  std::array<int, 2> ends_{};
};

TEST(EpollLoop, HasNothingToWaitForWhenNothingIsWatched) {
  EpollLoop loop;
  EXPECT_FALSE(loop.turn(loop.now()));
  const ReadyPipe pipe;
  loop.watch(pipe.reader(), kReadable, [](unsigned) {});
  EXPECT_TRUE(loop.turn(loop.now()));
  loop.unwatch(pipe.reader());
  loop.unwatch(pipe.reader());
  loop.unwatch(-1);
  EXPECT_FALSE(loop.turn(loop.now()));
}

TEST(EpollLoop, TimersRunInOrderAndOnesSetMeanwhileInALaterTurn) {
  EpollLoop loop;
  std::string order;
  const Nanos due = loop.now();
  loop.call_at(due, [&] {
    order += "a";
    loop.call_at(due, [&] { order += "d"; });
  });
  loop.call_at(due, [&] { order += "b"; });
  const TimerId never = loop.call_at(due, [&] { order += "x"; });
  loop.cancel(never);
  loop.cancel(never);
  loop.call_at(due - 1, [&] { order += "0"; });
  while (order.size() < 3) loop.turn(due + kSecond);
  EXPECT_EQ(order, "0ab");
  while (order.size() < 4) loop.turn(due + kSecond);
  EXPECT_EQ(order, "0abd");
}

TEST(EpollLoop, EarlierTimerSetAfterALaterDeadlineStillRings) {
  EpollLoop loop;
  bool far = false;
  bool near = false;
  loop.call_at(loop.now() + 600 * kSecond, [&] { far = true; });
  const ReadyPipe pipe;
  loop.watch(pipe.reader(), kReadable, [&](unsigned) { pipe.drain(); });
  loop.turn(loop.now() + 600 * kSecond);
  loop.call_at(loop.now() + kMillisecond, [&] { near = true; });
  while (!near) loop.turn(loop.now() + 600 * kSecond);
  EXPECT_FALSE(far);
}

// The callback's own captures must live until it returns, whatever it does to its descriptor.
TEST(EpollLoop, CallbackMayUnwatchOrReplaceItselfWhileItRuns) {
  EpollLoop loop;
  const ReadyPipe pipe;
  std::string seen;
  const auto text = std::make_shared<std::string>("first");
  loop.watch(pipe.reader(), kReadable, [&loop, &pipe, &seen, text](unsigned) {
    loop.unwatch(pipe.reader());
    loop.watch(pipe.reader(), kReadable, [&seen](unsigned) { seen += " second"; });
    seen += *text;
  });
  loop.turn(loop.now() + kSecond);
  EXPECT_EQ(text.use_count(), 1) << "the callback given up is gone after its turn";
  loop.turn(loop.now() + kSecond);
  EXPECT_EQ(seen, "first second");
}

TEST(EpollLoop, CallbackMayUnwatchAnotherOfTheSameReadyList) {
  EpollLoop loop;
  const ReadyPipe one;
  const ReadyPipe two;
  int calls = 0;
  const auto ready = [&](unsigned) {
    ++calls;
    loop.unwatch(one.reader());
    loop.unwatch(two.reader());
  };
  loop.watch(one.reader(), kReadable, ready);
  loop.watch(two.reader(), kReadable, ready);
  loop.turn(loop.now() + kSecond);
  EXPECT_EQ(calls, 1);
}

TEST(EpollLoop, HangUpIsClosed) {
  EpollLoop loop;
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  close(ends[1]);
  unsigned seen = 0;
  loop.watch(ends[0], kReadable, [&](unsigned ready) { seen = ready; });
  loop.turn(loop.now() + kSecond);
  EXPECT_TRUE(seen & kClosed);
  loop.unwatch(ends[0]);
  close(ends[0]);
}

}  // namespace
}  // namespace pingjia::harness
