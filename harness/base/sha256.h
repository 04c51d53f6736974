#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pingjia::harness {

/// SHA-256 of a text, 32 bytes.
std::string sha256(std::string_view text);

/// SHA-256 of a text, as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view text);

/// SHA-256 of a file's bytes, read in pieces, so that a model of any size fits. Throws Error when
/// the file cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace pingjia::harness
