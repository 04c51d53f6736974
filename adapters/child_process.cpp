#include "adapters/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <limits>
#include <utility>

#include "adapters/secret_names.h"
#include "harness/base/error.h"

namespace pingjia::adapters {

using harness::Error;
using harness::Nanos;

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr int kLastReads = 64;  // Four times what the largest pipe holds.

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

int open_log(const ChildCommand& command) {
  if (command.log.empty()) return memfd_create("child-log", MFD_CLOEXEC);
  std::error_code failed;
  std::filesystem::create_directories(command.log.parent_path(), failed);
  const int log = ::open(command.log.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (log < 0) {
    throw Error(
        command.where,
        fmt::format("cannot write the log {}: {}", command.log.string(), std::strerror(errno)),
        "choose a folder that can be written");
  }
  return log;
}

}  // namespace

std::string ChildExit::text() const {
  if (signal != 0) return fmt::format("was killed by signal {} ({})", signal, strsignal(signal));
  return fmt::format("exited with status {}", status);
}

std::vector<std::string> child_environment(
    const std::function<std::optional<std::string>(const std::string&)>& lookup,
    std::span<const std::string> names, const std::string& where) {
  std::vector<std::string> wanted = {"PATH",
                                     "HOME",
                                     "USER",
                                     "LANG",
                                     "LC_ALL",
                                     "TMPDIR",
                                     "TZ",
                                     "LC_CTYPE",
                                     "LD_LIBRARY_PATH",
                                     "CUDA_VISIBLE_DEVICES",
                                     "CUDA_DEVICE_ORDER",
                                     "NVIDIA_VISIBLE_DEVICES"};
  for (const std::string& name : names) {
    if (name.empty() || name.find('=') != std::string::npos) {
      throw Error(where, "'" + name + "' is not the name of a variable",
                  "list names only, such as [\"HF_HOME\"]; values stay out of run files");
    }
    if (speaks_of_secret(name)) {
      throw Error(where, "variable '" + name + "' looks like a secret, and children get none",
                  "let the program read its secret from a file");
    }
    wanted.push_back(name);
  }
  std::vector<std::string> environment;
  for (const std::string& name : wanted) {
    if (const auto value = lookup(name)) environment.push_back(name + "=" + *value);
  }
  // A process without PATH finds nothing, not even what `#!/usr/bin/env` names.
  if (environment_value(environment, "PATH").empty())
    environment.push_back("PATH=/usr/local/bin:/usr/bin:/bin");
  return environment;
}

ChildProcess::ChildProcess(harness::Loop& loop, const ChildCommand& command, Output output,
                           Exited exited)
    : loop_(loop), output_(std::move(output)), exited_(std::move(exited)) {
  assert(!command.arguments.empty());
  struct sigaction current {};
  if (sigaction(SIGPIPE, nullptr, &current) == 0 && current.sa_handler == SIG_DFL) {
    ::signal(SIGPIPE, SIG_IGN);
  }
  log_ = open_log(command);
  try {
    log_start_ = lseek(log_, 0, SEEK_END);
    const Spawned spawned = spawn(command, log_);
    pid_ = spawned.pid;
    pidfd_ = spawned.pidfd;
    input_ = spawned.input;
    stdout_ = spawned.output;
    loop_.watch(pidfd_, harness::kReadable, [this](unsigned) { reap(); });
    if (stdout_ >= 0) {
      loop_.watch(stdout_, harness::kReadable, [this](unsigned) { read_output(); });
    }
  } catch (...) {
    release();
    throw;
  }
}

ChildProcess::~ChildProcess() {
  release();
}

void ChildProcess::release() {
  if (kill_timer_) loop_.cancel(*kill_timer_);
  close_pipe(input_);
  close_pipe(stdout_);
  if (pid_ > 0 && !exit_) {
    ::kill(-pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  close_pipe(pidfd_);
  close_descriptor(log_);
}

void ChildProcess::close_pipe(int& descriptor) {
  if (descriptor < 0) return;
  loop_.unwatch(descriptor);
  close_descriptor(descriptor);
}

void ChildProcess::write(std::string_view bytes) {
  if (input_ < 0 || closing_input_) return;
  const bool idle = pending_.empty();
  pending_ += bytes;
  if (idle) flush();
}

void ChildProcess::close_input() {
  closing_input_ = true;
  if (pending_.empty()) close_pipe(input_);
}

void ChildProcess::flush() {
  while (written_ < pending_.size()) {
    const ssize_t took = ::write(input_, pending_.data() + written_, pending_.size() - written_);
    if (took >= 0) {
      written_ += static_cast<std::size_t>(took);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      loop_.watch(input_, harness::kWritable, [this](unsigned) { flush(); });
      return;
    }
    closing_input_ = true;  // The child no longer reads; its exit tells the rest.
    break;
  }
  pending_.clear();
  written_ = 0;
  loop_.unwatch(input_);
  if (closing_input_) close_pipe(input_);
}

// One read per wake-up, so that one clock reading belongs to each. False when nothing came.
bool ChildProcess::read_output() {
  std::array<char, kReadBytes> buffer;
  const ssize_t got = ::read(stdout_, buffer.data(), buffer.size());
  const Nanos at = loop_.now();
  if (got < 0) return false;
  if (got == 0) {
    close_pipe(stdout_);
    if (output_) output_({}, at);
    return false;
  }
  if (output_) output_({buffer.data(), static_cast<std::size_t>(got)}, at);
  return true;
}

void ChildProcess::reap() {
  // The unreaped leader keeps the group's number from being given to others.
  ::kill(-pid_, SIGKILL);
  // What it had written is still in the pipe; a bound, lest a descendant in another group talks on.
  for (int reads = 0; reads < kLastReads && stdout_ >= 0 && read_output(); ++reads) {
  }
  close_pipe(stdout_);
  close_pipe(input_);
  pending_.clear();
  written_ = 0;
  int status = 0;
  rusage used{};
  pid_t got = 0;
  while ((got = wait4(pid_, &status, 0, &used)) < 0 && errno == EINTR) {
  }
  close_pipe(pidfd_);
  if (kill_timer_) loop_.cancel(*kill_timer_);
  kill_timer_.reset();
  ChildExit exit;
  if (WIFSIGNALED(status)) exit.signal = WTERMSIG(status);
  if (WIFEXITED(status)) exit.status = WEXITSTATUS(status);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  exit.cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
  exit_ = exit;
  if (exited_) exited_(exit);
}

void ChildProcess::signal(int number) const {
  if (!exit_) ::kill(-pid_, number);
}

void ChildProcess::stop(Nanos grace) {
  if (exit_ || kill_timer_) return;
  signal(SIGTERM);
  kill_timer_ = loop_.call_at(loop_.now() + grace, [this] { signal(SIGKILL); });
}

std::optional<ChildExit> ChildProcess::wait_until(Nanos deadline) {
  while (!exit_ && loop_.now() < deadline) loop_.turn(deadline);
  return exit_;
}

ChildExit ChildProcess::stop_and_wait(Nanos grace) {
  stop(grace);
  while (!exit_) loop_.turn(std::numeric_limits<Nanos>::max());
  return *exit_;
}

std::string ChildProcess::last_log_line() const {
  std::array<char, 4096> buffer;
  const off_t end = lseek(log_, 0, SEEK_END);
  const off_t begin = std::max(log_start_, end - static_cast<off_t>(buffer.size()));
  const ssize_t got = pread(log_, buffer.data(), buffer.size(), begin);
  std::string_view text(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t last = text.find_last_not_of(kBlank);
  if (last == std::string_view::npos) return {};
  text = text.substr(0, last + 1);
  const std::size_t line = text.find_last_of("\r\n");
  return std::string(line == std::string_view::npos ? text : text.substr(line + 1));
}

}  // namespace pingjia::adapters
