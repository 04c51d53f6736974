#pragma once

#include <cstddef>

namespace pingjia::adapters {

/// The process protocol of adapters/README.md, as both of its sides know it: its version, and the
/// longest line it allows, in bytes without the newline.
inline constexpr int kProcessProtocol = 1;
inline constexpr std::size_t kLongestLine = std::size_t{16} << 20;

}  // namespace pingjia::adapters
