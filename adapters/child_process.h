#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/spawn.h"
#include "harness/base/loop.h"

namespace pingjia::adapters {

/// How a child ended, and the processor time it took: its own and that of the descendants it had
/// waited for (wait4), user and system.
struct ChildExit {
  int status = 0;  ///< Of exit(); meaningless when a signal ended it.
  int signal = 0;  ///< 0 when it exited by itself.
  double cpu_seconds = 0;

  /// "exited with status 3", "was killed by signal 9 (Killed)".
  std::string text() const;
};

/// NAME=value of the variables that every program needs (PATH, HOME, LANG, TMPDIR, …), of the
/// choice of GPUs, and of `names`, as far as `lookup` knows them. Nothing else reaches a child: a
/// stray LLAMA_ARG_* would change a server's flags behind our back. Throws Error for a name that
/// speaks of a secret (secret_names.h): children are never given one.
std::vector<std::string> child_environment(
    const std::function<std::optional<std::string>(const std::string&)>& lookup,
    std::span<const std::string> names, const std::string& where);

/// A child process on the loop: in a process group of its own, killed by the kernel when the
/// thread that started it ends, its exit seen through a pidfd. Its whole group is gone once
/// `exited` has been called or the object is destroyed.
///
/// Callbacks run inside a turn of the loop and must not destroy the object.
class ChildProcess {
 public:
  /// Bytes of standard output, of one read, and the clock when that read returned. No bytes: the
  /// child closed its output.
  using Output = std::function<void(std::string_view bytes, harness::Nanos at)>;
  /// Called once, after the last `Output`.
  using Exited = std::function<void(const ChildExit& exit)>;

  /// Starts it. Throws Error when the program cannot be executed or the log not be written. Sets
  /// SIGPIPE to ignored where it had its default: a child that dies must not take us along.
  ChildProcess(harness::Loop& loop, const ChildCommand& command, Output output, Exited exited);
  /// Kills the group if it still runs, and waits.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  /// Set once the child is gone and reaped.
  const std::optional<ChildExit>& exit() const { return exit_; }
  bool running() const { return !exit_; }

  /// Queues bytes for standard input and writes what the pipe takes. Never blocks; bytes for a
  /// child that no longer reads are dropped.
  void write(std::string_view bytes);
  /// Ends standard input once everything queued is written.
  void close_input();

  /// Sends a signal to the whole group.
  void signal(int number) const;
  /// Asks the group to end (SIGTERM) and kills it (SIGKILL) after `grace`. Returns at once.
  void stop(harness::Nanos grace = 10 * harness::kSecond);
  /// Turns the loop until the child is gone or `deadline` has come; its exit in the first case.
  std::optional<ChildExit> wait_until(harness::Nanos deadline);
  /// `stop`, then turns the loop until the child is gone.
  ChildExit stop_and_wait(harness::Nanos grace = 10 * harness::kSecond);

  /// The last line that is not blank of what this child wrote to standard error; may be empty.
  std::string last_log_line() const;

 private:
  void flush();
  bool read_output();
  void reap();
  void release();
  void close_pipe(int& descriptor);

  harness::Loop& loop_;
  Output output_;
  Exited exited_;
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int input_ = -1;
  int stdout_ = -1;
  int log_ = -1;
  off_t log_start_ = 0;
  std::string pending_;
  std::size_t written_ = 0;
  bool closing_input_ = false;
  std::optional<harness::TimerId> kill_timer_;
  std::optional<ChildExit> exit_;
};

}  // namespace pingjia::adapters
