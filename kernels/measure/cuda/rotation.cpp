#include "kernels/measure/cuda/rotation.h"

#include <algorithm>
#include <cmath>

namespace pingjia::kernels::cuda {

int rotated_copies(std::int64_t operand_bytes, std::int64_t l2_bytes, std::int64_t most_bytes) {
  constexpr std::int64_t kCaches = 5;
  constexpr std::int64_t kMostCopies = kMostQueued;
  const std::int64_t each = std::max<std::int64_t>(1, operand_bytes);
  const std::int64_t wanted = (kCaches * l2_bytes + each - 1) / each;
  return static_cast<int>(std::clamp<std::int64_t>(
      wanted, 1, std::clamp<std::int64_t>(most_bytes / each, 1, kMostCopies)));
}

int calls_of_sample(double seconds_of_call) {
  constexpr double kSample = 200e-6;
  if (!(seconds_of_call > 0)) return kMostQueued;
  return static_cast<int>(std::clamp(std::ceil(kSample / seconds_of_call), 1.0, 1.0 * kMostQueued));
}

bool is_all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace pingjia::kernels::cuda
