#include "adapters/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
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
#include <utility>

#include "harness/base/error.h"

namespace pingjia::adapters {

using harness::Error;

namespace {

void close_descriptor(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

void set_nonblocking(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

// execvp would search our PATH, not the child's, and is not safe to call after fork.
std::string find_program(const ChildCommand& command) {
  const std::string& name = command.arguments.front();
  if (name.find('/') != std::string::npos) return name;
  std::string_view rest = environment_value(command.environment, "PATH");
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    std::string candidate = std::string(folder) + "/" + name;
    struct stat found {};
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0 &&
        stat(candidate.c_str(), &found) == 0 && S_ISREG(found.st_mode)) {
      return candidate;
    }
  }
  throw Error(command.where, "no program '" + name + "' in PATH",
              "install it, or give its whole path");
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

/// Descriptors between us and the child, closed on every way out.
struct Ends {
  int child_input = -1;
  int child_output = -1;
  int input = -1;
  int output = -1;
  int failure_read = -1;
  int failure_write = -1;

  ~Ends() {
    for (int* end : {&child_input, &child_output, &input, &output, &failure_read, &failure_write}) {
      close_descriptor(*end);
    }
  }

  // Ends above 2, so that moving one onto a standard descriptor never overwrites another.
  static bool pipe_above(int& read_end, int& write_end) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    read_end = ends[0];
    write_end = ends[1];
    for (int* end : {&read_end, &write_end}) {
      if (*end > 2) continue;
      const int moved = fcntl(*end, F_DUPFD_CLOEXEC, 3);
      close_descriptor(*end);
      *end = moved;
    }
    return read_end > 2 && write_end > 2;
  }

  bool make(bool talks) {
    if (!pipe_above(failure_read, failure_write)) return false;
    if (talks) return pipe_above(child_input, input) && pipe_above(output, child_output);
    child_input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    return child_input >= 0;
  }
};

struct Launch {
  const char* program;
  char* const* arguments;
  char* const* environment;
  const char* directory;
  int input;
  int output;
  int log;
  int failure;
  pid_t parent;
};

// Between fork and exec only calls that are safe after a fork of a threaded process.
[[noreturn]] void become(const Launch& launch) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != launch.parent) _exit(127);
  for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(launch.input, 0);
  dup2(launch.output, 1);
  dup2(launch.log, 2);
  // Whatever a library opened without O_CLOEXEC stays ours. Linux before 5.11 lacks this flag.
  syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  if (launch.directory == nullptr || chdir(launch.directory) == 0) {
    execve(launch.program, launch.arguments, launch.environment);
  }
  const int error = errno;
  [[maybe_unused]] const auto told = ::write(launch.failure, &error, sizeof error);
  _exit(127);
}

}  // namespace

std::string_view environment_value(const std::vector<std::string>& environment,
                                   std::string_view name) {
  for (const std::string& entry : environment) {
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=') {
      return std::string_view(entry).substr(name.size() + 1);
    }
  }
  return {};
}

Spawned spawn(const ChildCommand& command, int log) {
  const std::string program = find_program(command);
  Ends ends;
  if (!ends.make(command.talks)) {
    throw Error(command.where, fmt::format("cannot make pipes: {}", std::strerror(errno)),
                "raise the limit of open files (ulimit -n)");
  }
  const auto arguments = pointers(command.arguments);
  const auto environment = pointers(command.environment);
  const Launch launch{program.c_str(),
                      arguments.data(),
                      environment.data(),
                      command.directory.empty() ? nullptr : command.directory.c_str(),
                      ends.child_input,
                      command.talks ? ends.child_output : log,
                      log,
                      ends.failure_write,
                      getpid()};
  Spawned child;
  child.pid = fork();
  if (child.pid == 0) become(launch);
  if (child.pid < 0) {
    throw Error(command.where, fmt::format("cannot start a process: {}", std::strerror(errno)),
                "raise the limit of processes (ulimit -u)");
  }
  // Both sides do it: whoever comes first, no signal misses the group.
  setpgid(child.pid, child.pid);
  close_descriptor(ends.failure_write);
  int error = 0;
  ssize_t got = 0;
  while ((got = ::read(ends.failure_read, &error, sizeof error)) < 0 && errno == EINTR) {
  }
  child.pidfd = got == 0 ? static_cast<int>(syscall(SYS_pidfd_open, child.pid, 0)) : -1;
  if (child.pidfd < 0) {
    const std::string why = std::strerror(got == 0 ? errno : error);
    ::kill(-child.pid, SIGKILL);
    while (waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    throw Error(command.where, fmt::format("cannot execute {}: {}", program, why),
                "check the path, its permission and its working folder");
  }
  std::swap(child.input, ends.input);
  std::swap(child.output, ends.output);
  if (child.input >= 0) set_nonblocking(child.input);
  if (child.output >= 0) set_nonblocking(child.output);
  return child;
}

}  // namespace pingjia::adapters
