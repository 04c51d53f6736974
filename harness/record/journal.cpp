#include "harness/record/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace pingjia::harness {

namespace {

[[noreturn]] void throw_unwritable(const std::filesystem::path& file, int code) {
  throw Error(file.string(), std::string("cannot be written: ") + std::strerror(code),
              code == ENOSPC ? "free some space, then go on with --resume"
                             : "check the folder's permissions");
}

// Where the last whole line ends; 0 for a file without one.
std::int64_t end_of_last_line(int descriptor, std::int64_t size) {
  std::array<char, 65536> block;
  while (size > 0) {
    const auto length = std::min<std::int64_t>(size, static_cast<std::int64_t>(block.size()));
    const auto got =
        pread(descriptor, block.data(), static_cast<std::size_t>(length), size - length);
    if (got <= 0) return 0;
    for (std::int64_t i = got; i > 0; --i) {
      if (block[static_cast<std::size_t>(i - 1)] == '\n') return size - length + i;
    }
    size -= length;
  }
  return 0;
}

}  // namespace

Journal::Journal(const std::filesystem::path& file)
    : file_(file), descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) throw_unwritable(file, errno);
  struct stat status {};
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0 || fstat(descriptor_, &status) != 0) {
    close(descriptor_);
    throw Error(file.string(), "another pingjia is writing this run", "wait for it, or stop it");
  }
  size_ = end_of_last_line(descriptor_, status.st_size);
  repaired_ = static_cast<std::size_t>(status.st_size - size_);
  if (repaired_ > 0 && ftruncate(descriptor_, size_) != 0) {
    const int code = errno;
    close(descriptor_);
    throw_unwritable(file, code);
  }
}

Journal::Journal(Journal&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      repaired_(other.repaired_) {}

Journal::~Journal() {
  if (descriptor_ >= 0) close(descriptor_);
}

void Journal::append(const nlohmann::json& line) {
  std::string text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  text += '\n';
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t wrote = write(descriptor_, rest.data(), rest.size());
    if (wrote >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(wrote));
    } else if (errno != EINTR) {
      const int code = errno;
      // Takes back the half line; if even that fails, opening the journal again repairs it.
      [[maybe_unused]] const int cut = ftruncate(descriptor_, size_);
      throw_unwritable(file_, code);
    }
  }
  size_ += static_cast<std::int64_t>(text.size());
}

JournalContents read_journal(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  JournalContents contents;
  std::size_t line_number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    if (end == std::string::npos) break;
    const std::string where = file.string() + " line " + std::to_string(++line_number);
    const auto line =
        nlohmann::json::parse(text.begin() + static_cast<std::ptrdiff_t>(start),
                              text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (!line.is_object()) throw Error(where, "not a JSON object", "restore or remove the line");
    start = end + 1;
    if (line.value("type", "") == "attempt") {
      contents.records.push_back(record_from_json(line, where));
      continue;
    }
    if (line.value("schema_version", 0) > kSchemaVersion) {
      throw Error(where,
                  "written by a newer pingjia (schema " + line["schema_version"].dump() + ")",
                  "update pingjia");
    }
    contents.header = line.dump();
  }
  return contents;
}

}  // namespace pingjia::harness
