#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// A file within an archive.
struct ArchiveMember {
  std::string path;  ///< "/" between its parts.
  std::string content;
};

/// Whether a file of that name is an archive with members: .zip, .tar, .tar.gz, .tgz.
bool is_archive_name(std::string_view name);

/// The regular files of an archive whose path `wanted` accepts, sorted by path. Throws Error naming
/// `where` for damaged bytes, or when more than 2 GiB would come out.
std::vector<ArchiveMember> read_archive(std::string_view bytes, const std::string& where,
                                        const std::function<bool(const std::string&)>& wanted);

/// The content of one compressed file (.gz). Throws Error likewise.
std::string decompress(std::string_view bytes, const std::string& where);

}  // namespace pingjia::harness
