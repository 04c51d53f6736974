#include "kernels/gemm/device_weights.h"

#include <algorithm>
#include <cstring>

#include "kernels/gemm/weight_only_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

using Layout = WeightOnlyLayout;
static_assert(Layout::kGroup == QuantizedWeights::kGroup);

// Where an element of a block stands: the 16 bytes of a lane, and which element of which of the
// lane's registers of A it is, at which step.
struct Place {
  std::int64_t chunk;
  int step, element, half;
};

Place place_of(int bits, int column, int depth) {
  const int row = column % Layout::kTileColumns, inner = depth % Layout::kStep;
  const int step = depth / Layout::kStep, chunks = Layout::chunks(bits);
  const int lane = row % 8 * 4 + inner % 8 / 2;
  const int chunk = column / Layout::kTileColumns * chunks + step * chunks / 8;
  return {std::int64_t{chunk} * 32 + lane, step, row / 8 + inner / 8 * 2, inner % 2};
}

void put(int bits, std::byte* block, int column, int depth, int integer) {
  const Place at = place_of(bits, column, depth);
  std::byte* lane = block + 16 * at.chunk;
  if (bits == 8) {
    const int byte = at.step % 2 * 8 + at.element / 2 * 4 + at.element % 2 + 2 * at.half;
    lane[byte] = static_cast<std::byte>(integer);
  } else {
    const int nibble = at.element + 4 * at.half;
    lane[at.step % 4 * 4 + nibble / 2] |= static_cast<std::byte>((integer + 8) << nibble % 2 * 4);
  }
}

void pack(const QuantizedWeights& weights, std::int64_t panel, std::int64_t group,
          std::byte* block) {
  const std::int64_t first_column = panel * Layout::kColumns, first = group * Layout::kGroup;
  auto* scales = block + Layout::integer_bytes(weights.bits());
  for (int column = 0; column < Layout::kColumns; ++column) {
    const bool there = first_column + column < weights.columns();
    const Bf16 scale = there ? weights.scale(first_column + column, group) : Bf16{};
    std::memcpy(scales + 2 * column, &scale, 2);
    for (int depth = 0; depth < Layout::kGroup; ++depth) {
      const bool inside = there && first + depth < weights.k();
      put(weights.bits(), block, column, depth,
          inside ? weights.integer(first_column + column, first + depth) : 0);
    }
  }
}

}  // namespace

std::vector<std::byte> device_weights(const QuantizedWeights& weights, Threads& threads) {
  const std::int64_t panels = Layout::panels(static_cast<int>(weights.columns()));
  const std::int64_t groups = weights.groups(), bytes = Layout::block_bytes(weights.bits());
  std::vector<std::byte> packed(static_cast<std::size_t>(panels * groups * bytes));
  threads.run(panels, [&](std::int64_t panel, int) {
    for (std::int64_t group = 0; group < groups; ++group) {
      pack(weights, panel, group, packed.data() + (panel * groups + group) * bytes);
    }
  });
  return packed;
}

}  // namespace pingjia::kernels::cuda
