#pragma once

#include <filesystem>
#include <string>

namespace pingjia::adapters {

/// SHA-256 of a file's bytes in lower-case hexadecimal. Throws WorkerError (server) when it cannot
/// be read.
std::string file_sha256(const std::filesystem::path& file);

}  // namespace pingjia::adapters
