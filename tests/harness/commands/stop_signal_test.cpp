#include "harness/commands/stop_signal.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "harness/base/epoll_loop.h"
#include "harness/base/error.h"

namespace pingjia::harness {
namespace {

bool blocked(int signal) {
  sigset_t set;
  sigprocmask(SIG_BLOCK, nullptr, &set);
  return sigismember(&set, signal) == 1;
}

TEST(StopSignal, TurnsTheFirstInterruptIntoAFlag) {
  EpollLoop loop;
  {
    const StopSignal stop(loop);
    EXPECT_TRUE(blocked(SIGINT));
    raise(SIGINT);
    EXPECT_FALSE(stop.stopped());
    loop.turn(loop.now() + kSecond);
    EXPECT_TRUE(stop.stopped());
    EXPECT_FALSE(blocked(SIGINT));
  }
  EXPECT_FALSE(blocked(SIGTERM));
}

TEST(StopSignal, WithoutADescriptorItIsAnErrorAndSignalsStillEndTheProcess) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer's own look at an exception needs descriptors";
#endif
  EpollLoop loop;
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  EXPECT_THROW(StopSignal{loop}, Error);
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(blocked(SIGINT));
  EXPECT_FALSE(blocked(SIGTERM));
}

}  // namespace
}  // namespace pingjia::harness
