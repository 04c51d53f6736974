#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::adapters {

/// What to start, and the little of the world it sees.
struct ChildCommand {
  std::string where;                     ///< Place in the run file, for errors.
  std::vector<std::string> arguments;    ///< [0] is the program, looked up in the child's PATH.
  std::vector<std::string> environment;  ///< All of it, as NAME=value.
  std::filesystem::path directory;       ///< Working directory; empty keeps ours.
  std::filesystem::path log;             ///< Standard error is appended; empty keeps it in memory.
  /// True: standard input and output are pipes. False: input is empty, output goes to the log.
  bool talks = true;
};

/// A process just started, and our ends of what connects us to it.
struct Spawned {
  pid_t pid = -1;
  int pidfd = -1;
  int input = -1;  ///< Its standard input; -1 unless it talks. Non-blocking, as is `output`.
  int output = -1;
};

/// Starts `command` in a process group of its own, to be killed by the kernel when the calling
/// thread ends, with `log` as its standard error and no other descriptor of ours. Throws Error when
/// the program is not found or cannot be executed.
Spawned spawn(const ChildCommand& command, int log);

/// The value of `name` among NAME=value entries; empty where it is missing.
std::string_view environment_value(const std::vector<std::string>& environment,
                                   std::string_view name);

}  // namespace pingjia::adapters
