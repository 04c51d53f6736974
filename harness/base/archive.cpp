#include "harness/base/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>

#include "harness/base/error.h"

namespace pingjia::harness {

namespace {

constexpr std::size_t kMostBytes = std::size_t{2} << 30;

using Handle = std::unique_ptr<archive, int (*)(archive*)>;

[[noreturn]] void refuse(const std::string& where, const std::string& problem) {
  throw Error(where, "cannot be unpacked: " + problem, "restore the published file");
}

std::string problem_of(archive* reader) {
  const char* text = archive_error_string(reader);
  return text != nullptr ? text : "damaged";
}

Handle open(std::string_view bytes, const std::string& where, bool with_members) {
  Handle reader(archive_read_new(), archive_read_free);
  archive_read_support_filter_gzip(reader.get());
  if (with_members) {
    archive_read_support_format_zip(reader.get());
    archive_read_support_format_tar(reader.get());
  } else {
    archive_read_support_format_raw(reader.get());
  }
  if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    refuse(where, problem_of(reader.get()));
  }
  return reader;
}

std::string read_content(archive* reader, const std::string& where, std::size_t& total) {
  std::string content;
  std::array<char, 65'536> piece;
  for (;;) {
    const auto count = archive_read_data(reader, piece.data(), piece.size());
    if (count == 0) return content;
    if (count < 0) refuse(where, problem_of(reader));
    total += static_cast<std::size_t>(count);
    if (total > kMostBytes) refuse(where, "more than 2 GiB would come out of it");
    content.append(piece.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

bool is_archive_name(std::string_view name) {
  return name.ends_with(".zip") || name.ends_with(".tar") || name.ends_with(".tar.gz") ||
         name.ends_with(".tgz");
}

std::vector<ArchiveMember> read_archive(std::string_view bytes, const std::string& where,
                                        const std::function<bool(const std::string&)>& wanted) {
  const auto reader = open(bytes, where, true);
  std::vector<ArchiveMember> members;
  std::size_t total = 0;
  for (;;) {
    archive_entry* entry = nullptr;
    const int state = archive_read_next_header(reader.get(), &entry);
    if (state == ARCHIVE_EOF) break;
    if (state != ARCHIVE_OK && state != ARCHIVE_WARN) refuse(where, problem_of(reader.get()));
    const char* path = archive_entry_pathname(entry);
    if (path == nullptr || archive_entry_filetype(entry) != AE_IFREG || !wanted(path)) continue;
    members.push_back({path, read_content(reader.get(), where, total)});
  }
  std::sort(members.begin(), members.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return members;
}

std::string decompress(std::string_view bytes, const std::string& where) {
  const auto reader = open(bytes, where, false);
  archive_entry* entry = nullptr;
  if (archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK) {
    refuse(where, problem_of(reader.get()));
  }
  if (archive_filter_code(reader.get(), 0) != ARCHIVE_FILTER_GZIP) refuse(where, "no gzip");
  std::size_t total = 0;
  return read_content(reader.get(), where, total);
}

}  // namespace pingjia::harness
