#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cuda/async_copy.cuh"
#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/mma.cuh"

namespace pingjia::kernels::cuda {

/// A tile of bf16 in shared memory, kColumns wide (a multiple of 64), row-major in chunks of 16
/// bytes. Chunk c of row r stands in place c ^ (r % 8), so that the eight rows one ldmatrix reads
/// at one c lie in different banks, and so do the eight chunks of a row being written.
template <int kColumns>
struct Tile {
  static_assert(kColumns % 64 == 0);
  static constexpr int kChunks = kColumns / 8;
  static constexpr int bytes(int rows) { return rows * kColumns * 2; }

  std::byte* base;

  PINGJIA_DEVICE std::byte* chunk(int row, int index) const {
    return base + (row * kChunks + (index ^ (row & 7))) * 16;
  }

  /// An A operand: rows [row, row + 16), columns [16 step, 16 step + 16).
  PINGJIA_DEVICE void load_a(std::uint32_t (&a)[4], int row, int step) const {
    const int lane = lane_index();
    load_matrices(a, chunk(row + lane % 16, 2 * step + lane / 16));
  }
  /// Two B operands of a tile that holds B's transpose: its rows [row, row + 16) are B's columns.
  /// b[0], b[1] are the first eight columns' and b[2], b[3] the others'.
  PINGJIA_DEVICE void load_b(std::uint32_t (&b)[4], int row, int step) const {
    const int lane = lane_index();
    load_matrices(b, chunk(row + lane / 16 * 8 + lane % 8, 2 * step + lane / 8 % 2));
  }
  /// B operands of eight of B's columns over two steps: b[0], b[1] of `step`, the others of the
  /// next.
  PINGJIA_DEVICE void load_b_deep(std::uint32_t (&b)[4], int row, int step) const {
    const int lane = lane_index();
    load_matrices(b, chunk(row + lane % 8, 2 * step + lane / 8));
  }
  /// Two B operands of a tile that holds B itself: rows [row, row + 16), columns [8 index, 8 index
  /// + 16).
  PINGJIA_DEVICE void load_b_rows(std::uint32_t (&b)[4], int row, int index) const {
    const int lane = lane_index();
    load_transposed(b, chunk(row + lane % 16, index + lane / 16));
  }
};

/// Starts the copy of `rows` x kColumns into a tile by `threads` threads, of which this is number
/// `thread`. `source(row)` is the address of a row's first element, or null for a row of zeros.
template <int kColumns, class Source>
PINGJIA_DEVICE void copy_rows(const Tile<kColumns>& tile, int rows, int thread, int threads,
                              const void* readable, Source source) {
  constexpr int kChunks = Tile<kColumns>::kChunks;
  for (int i = thread; i < rows * kChunks; i += threads) {
    const int row = i / kChunks, index = i % kChunks;
    const Bf16Bits* from = source(row);
    // The address must be good even where nothing is read.
    copy_async(tile.chunk(row, index), from != nullptr ? from + index * 8 : readable,
               from != nullptr);
  }
}

}  // namespace pingjia::kernels::cuda
