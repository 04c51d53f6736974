#pragma once

#include <cstddef>
#include <span>

namespace pingjia::kernels {

/// Writes these bytes back and throws them out of every cache, line by line (CLFLUSHOPT or
/// CLFLUSH), so that the next reader finds them in memory only. False where the processor has no
/// such instruction: then nothing happened.
bool evict(std::span<const std::byte> memory);

}  // namespace pingjia::kernels
