#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace pingjia::kernels {

/// Bytes of all last-level caches of this machine together, each counted once however many
/// processors share it. `cpus` is the folder that describes the processors,
/// /sys/devices/system/cpu; nothing when it does not say.
std::optional<std::int64_t> last_level_cache_bytes(const std::filesystem::path& cpus);

/// Bytes of all caches of the level before the last together: what belongs to single cores. 0 when
/// the folder does not say.
std::int64_t private_cache_bytes(const std::filesystem::path& cpus);

/// Bytes each of `arrays` arrays should have so that a pass over them finds nothing of the last
/// pass in a cache: four times `caches` (STREAM's rule) and at least 64 MiB, but all of them
/// together at most a quarter of `memory`. All in bytes.
std::int64_t array_bytes(std::int64_t caches, std::int64_t memory, int arrays);

}  // namespace pingjia::kernels
