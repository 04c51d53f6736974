#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace pingjia::kernels::cuda {

/// How many copies of a call's operands to rotate among, so that what a call reads was last touched
/// five times the L2 ago (FlashInfer's rule; one L2 is not enough, as its lines are not replaced in
/// order): 1 when one copy is that large by itself, and never more than `most_bytes` hold.
int rotated_copies(std::int64_t operand_bytes, std::int64_t l2_bytes, std::int64_t most_bytes);

/// Calls of one sample: 200 microseconds' worth, since a card's timer ticks in microseconds; at
/// least one, and at most what a launch queue holds without waiting (kMostQueued).
int calls_of_sample(double seconds_of_call);
inline constexpr int kMostQueued = 256;

/// Whether every byte is 0. Such inputs are refused: on an H200 a product of zeros ran 13 % faster
/// than one of random numbers.
bool is_all_zero(std::span<const std::byte> bytes);

}  // namespace pingjia::kernels::cuda
