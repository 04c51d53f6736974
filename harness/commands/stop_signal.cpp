#include "harness/commands/stop_signal.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignal::StopSignal(Loop& loop) : loop_(loop) {
  const sigset_t set = stop_signals();
  descriptor_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor_ < 0) {
    throw Error("stop signal", std::string("signalfd failed: ") + std::strerror(errno),
                "raise the limit of open files (ulimit -n)");
  }
  loop_.watch(descriptor_, kReadable, [this](unsigned) {
    signalfd_siginfo information{};
    // Only that it came matters.
    [[maybe_unused]] const auto got = read(descriptor_, &information, sizeof information);
    stopped_ = true;
    const sigset_t again = stop_signals();
    sigprocmask(SIG_UNBLOCK, &again, nullptr);
  });
  // Only now: nothing that was thrown above leaves them blocked.
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

StopSignal::~StopSignal() {
  if (descriptor_ >= 0) {
    loop_.unwatch(descriptor_);
    close(descriptor_);
  }
  const sigset_t set = stop_signals();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace pingjia::harness
