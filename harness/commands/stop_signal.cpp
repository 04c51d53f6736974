#include "harness/commands/stop_signal.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

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
  sigprocmask(SIG_BLOCK, &set, nullptr);
  descriptor_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor_ < 0) return;
  loop_.watch(descriptor_, kReadable, [this](unsigned) {
    signalfd_siginfo information{};
    // Only that it came matters.
    [[maybe_unused]] const auto got = read(descriptor_, &information, sizeof information);
    stopped_ = true;
    const sigset_t again = stop_signals();
    sigprocmask(SIG_UNBLOCK, &again, nullptr);
  });
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
