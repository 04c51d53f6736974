#include "kernels/gemm/fp8_weights.h"

#include <algorithm>
#include <cmath>

#include "kernels/cuda/fp8.cuh"

namespace pingjia::kernels {
namespace {

constexpr std::int64_t kGroup = 128;

std::int64_t groups_of(std::int64_t count) {
  return (count + kGroup - 1) / kGroup;
}

/// The part of a matrix that shares a scale.
struct Block {
  std::int64_t first_column, last_column, first, last;
};

float quantize_block(const Bf16* from, std::int64_t k, const Block& block, std::uint8_t* to) {
  float most = 0;
  for (std::int64_t column = block.first_column; column < block.last_column; ++column) {
    for (std::int64_t at = block.first; at < block.last; ++at) {
      most = std::max(most, std::abs(to_float(from[column * k + at])));
    }
  }
  const float inverse = cuda::inverse_scale(most);
  for (std::int64_t column = block.first_column; column < block.last_column; ++column) {
    for (std::int64_t at = block.first; at < block.last; ++at) {
      to[column * k + at] = cuda::to_e4m3(to_float(from[column * k + at]) * inverse);
    }
  }
  return most / cuda::kMostE4m3;
}

}  // namespace

double Fp8Weights::value(std::int64_t expert, std::int64_t column, std::int64_t at) const {
  const auto stored = values[static_cast<std::size_t>((expert * columns + column) * k + at)];
  const std::int64_t scale =
      (expert * groups_of(columns) + column / kGroup) * groups_of(k) + at / kGroup;
  return double{cuda::from_e4m3(stored)} * scales[static_cast<std::size_t>(scale)];
}

Fp8Weights fp8_weights(const Bf16* weights, std::int64_t experts, std::int64_t columns,
                       std::int64_t k, Threads& threads) {
  const std::int64_t down = groups_of(columns), across = groups_of(k);
  Fp8Weights made{std::vector<std::uint8_t>(static_cast<std::size_t>(experts * columns * k)),
                  std::vector<float>(static_cast<std::size_t>(experts * down * across)), columns,
                  k};
  threads.run(experts * down, [&](std::int64_t task, int) {
    const std::int64_t offset = task / down * columns * k, column = task % down * kGroup;
    for (std::int64_t group = 0; group < across; ++group) {
      const std::int64_t at = group * kGroup;
      const Block block{column, std::min(column + kGroup, columns), at, std::min(at + kGroup, k)};
      made.scales[static_cast<std::size_t>(task * across + group)] =
          quantize_block(weights + offset, k, block, made.values.data() + offset);
    }
  });
  return made;
}

}  // namespace pingjia::kernels
