#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pingjia::harness {

/// The whole file as bytes. Throws Error for a missing, unreadable or wrong kind of file.
std::string read_file(const std::filesystem::path& file);

/// Writes beside the file, then renames: a reader, or a full disk, never sees half of it.
/// Throws Error naming it when it cannot be written.
void write_file(const std::filesystem::path& file, std::string_view content);

/// Makes the folder and its parents. Throws Error when that fails.
void make_folder(const std::filesystem::path& folder);

}  // namespace pingjia::harness
