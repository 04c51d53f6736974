#include "harness/record/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <tuple>
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

[[noreturn]] void throw_unlockable(const std::filesystem::path& file, int code) {
  throw Error(file.string(), std::string("cannot be locked: ") + std::strerror(code),
              "put the run's folder on a file system that has locks");
}

// Fills `block` from `place` on, however many reads that takes.
bool read_whole(int descriptor, std::span<char> block, std::int64_t place) {
  while (!block.empty()) {
    const ssize_t got = pread(descriptor, block.data(), block.size(), place);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    block = block.subspan(static_cast<std::size_t>(got));
    place += got;
  }
  return true;
}

// Where the last whole line ends; 0 for a file without one, nothing where it cannot be read: a
// journal must not be taken for empty then, and be cut.
std::optional<std::int64_t> end_of_last_line(int descriptor, std::int64_t size) {
  std::array<char, 65536> block;
  while (size > 0) {
    const auto length = std::min<std::int64_t>(size, static_cast<std::int64_t>(block.size()));
    if (!read_whole(descriptor, {block.data(), static_cast<std::size_t>(length)}, size - length)) {
      return std::nullopt;
    }
    for (std::int64_t i = length; i > 0; --i) {
      if (block[static_cast<std::size_t>(i - 1)] == '\n') return size - length + i;
    }
    size -= length;
  }
  return 0;
}

// A question that failed may have been asked again by a later session: the latest attempt counts.
void let_the_latest_count(std::vector<Record>& records) {
  std::set<std::tuple<std::string_view, std::string_view, std::string_view, int>> answered;
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    const RecordKey& key = record->key;
    if (!record->last_attempt) continue;
    record->last_attempt = answered.insert({key.system, key.suite, key.sample, key.repeat}).second;
  }
}

}  // namespace

Journal::Journal(const std::filesystem::path& file)
    : file_(file), descriptor_(open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) throw_unwritable(file, errno);
  try {
    take();
  } catch (const Error&) {
    close(descriptor_);
    throw;
  }
}

void Journal::take() {
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) throw_unlockable(file_, errno);
    throw Error(file_.string(), "another pingjia is writing this run", "wait for it, or stop it");
  }
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) throw_unwritable(file_, errno);
  const auto end = end_of_last_line(descriptor_, status.st_size);
  if (!end) throw Error(file_.string(), "cannot be read", "check the disk, or restore a copy");
  size_ = *end;
  repaired_ = static_cast<std::size_t>(status.st_size - size_);
  if (repaired_ > 0 && ftruncate(descriptor_, size_) != 0) throw_unwritable(file_, errno);
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
  let_the_latest_count(contents.records);
  return contents;
}

}  // namespace pingjia::harness
