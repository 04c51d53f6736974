#include "harness/base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

[[noreturn]] void throw_unwritable(const std::filesystem::path& file, int code) {
  throw Error(file.string(), std::string("cannot be written: ") + std::strerror(code),
              code == ENOSPC ? "free some space and run again"
                             : "choose another folder or change its permissions");
}

// All of `content` to a new file, on the disk; the errno of what failed, or 0.
int write_all(const std::filesystem::path& file, std::string_view content) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) return errno;
  int failed = 0;
  while (!content.empty() && failed == 0) {
    const ssize_t wrote = write(descriptor, content.data(), content.size());
    if (wrote >= 0) {
      content.remove_prefix(static_cast<std::size_t>(wrote));
    } else if (errno != EINTR) {
      failed = errno;
    }
  }
  if (failed == 0 && fsync(descriptor) != 0 && errno != EINVAL) failed = errno;
  if (close(descriptor) != 0 && failed == 0) failed = errno;
  return failed;
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    throw Error(file.string(), "no such file", "check the path");
  }
  if (std::filesystem::is_directory(file, ignored)) {
    throw Error(file.string(), "is a folder, not a file", "name a file in it");
  }
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  // An empty file gives rdbuf nothing to write, which `text` calls a failure and `in` does not.
  if (!in || in.bad()) throw Error(file.string(), "cannot be read", "check its permissions");
  return std::move(text).str();
}

void write_file(const std::filesystem::path& file, std::string_view content) {
  std::filesystem::path beside = file;
  beside += ".part" + std::to_string(getpid());
  int failed = write_all(beside, content);
  if (failed == 0 && std::rename(beside.c_str(), file.c_str()) != 0) failed = errno;
  if (failed != 0) {
    unlink(beside.c_str());
    throw_unwritable(file, failed);
  }
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw_unwritable(folder, failed.value());
}

}  // namespace pingjia::harness
