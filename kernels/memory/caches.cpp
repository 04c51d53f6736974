#include "kernels/memory/caches.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace pingjia::kernels {
namespace {

std::string first_word(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string word;
  file >> word;
  return word;
}

/// "32768K" in bytes; 0 when it is no size.
std::int64_t bytes_of(const std::string& size) {
  std::size_t digits = 0;
  std::int64_t bytes = 0;
  for (; digits < size.size() && size[digits] >= '0' && size[digits] <= '9'; ++digits) {
    bytes = bytes * 10 + (size[digits] - '0');
  }
  const std::string unit = size.substr(digits);
  if (unit == "K") return bytes << 10;
  if (unit == "M") return bytes << 20;
  return unit.empty() ? bytes : 0;
}

/// Bytes of each level of data caches, each physical cache counted once.
std::map<int, std::int64_t> levels_of(const std::filesystem::path& cpus) {
  // Level, then the processors that share the cache: one key for each physical cache.
  std::map<int, std::map<std::string, std::int64_t>> caches;
  std::error_code none;
  for (const auto& cpu : std::filesystem::directory_iterator(cpus, none)) {
    for (const auto& cache : std::filesystem::directory_iterator(cpu.path() / "cache", none)) {
      const std::int64_t bytes = bytes_of(first_word(cache.path() / "size"));
      const std::int64_t level = bytes_of(first_word(cache.path() / "level"));
      if (bytes == 0 || first_word(cache.path() / "type") == "Instruction") continue;
      caches[static_cast<int>(level)][first_word(cache.path() / "shared_cpu_list")] = bytes;
    }
  }
  std::map<int, std::int64_t> levels;
  for (const auto& [level, shared] : caches) {
    for (const auto& [processors, bytes] : shared) levels[level] += bytes;
  }
  return levels;
}

}  // namespace

std::optional<std::int64_t> last_level_cache_bytes(const std::filesystem::path& cpus) {
  const auto levels = levels_of(cpus);
  if (levels.empty()) return std::nullopt;
  return levels.rbegin()->second;
}

std::int64_t private_cache_bytes(const std::filesystem::path& cpus) {
  const auto levels = levels_of(cpus);
  return levels.size() < 2 ? 0 : std::next(levels.rbegin())->second;
}

std::int64_t array_bytes(std::int64_t caches, std::int64_t memory, int arrays) {
  const std::int64_t wanted = std::max<std::int64_t>(std::int64_t{64} << 20, 4 * caches);
  return std::min(wanted, memory / 4 / arrays);
}

}  // namespace pingjia::kernels
