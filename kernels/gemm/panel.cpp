#include "kernels/gemm/panel.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <vector>

namespace pingjia::kernels {
namespace {

/// Depth 1: element k of every row side by side.
void pack_a_columns(const Micro& micro, const float* row, int i, std::int64_t k, float* panel) {
  for (std::int64_t at = 0; at < k; ++at) panel[at * micro.rows + i] = row[at];
}

/// Deeper: whole depths of a row side by side.
void pack_a_depths(const Micro& micro, const std::byte* row, int i, std::int64_t k,
                   std::byte* panel) {
  const std::int64_t depth_bytes = std::int64_t{micro.depth} * micro.element_bytes;
  const std::int64_t bytes = k * micro.element_bytes;
  std::byte* to = panel + i * depth_bytes;
  std::int64_t at = 0;
  if (depth_bytes == 64) {  // A constant, so that the copy is one load and one store.
    for (; at + 64 <= bytes; at += 64, to += micro.a_step_bytes()) std::memcpy(to, row + at, 64);
  }
  for (; at < bytes; at += depth_bytes, to += micro.a_step_bytes()) {
    const auto some = static_cast<std::size_t>(std::min(depth_bytes, bytes - at));
    std::memcpy(to, row + at, some);
    std::memset(to + some, 0, static_cast<std::size_t>(depth_bytes) - some);
  }
}

struct MatrixRows {
  const std::byte* data;
  std::int64_t row_bytes;
};

const void* matrix_row(const void* context, std::int64_t row) {
  const auto* matrix = static_cast<const MatrixRows*>(context);
  return matrix->data + row * matrix->row_bytes;
}

/// What a panel of B holds side by side along k: two of bf16 or one of fp32.
constexpr std::int64_t kPairBytes = 4;

/// One panel of B from the columns, row by row of the panel, so that its lines are written once.
/// Null columns are zero.
void pack_b_panel(const Micro& micro, const std::vector<const std::byte*>& columns, std::int64_t k,
                  std::byte* panel) {
  assert(micro.pair * micro.element_bytes == kPairBytes);
  const std::int64_t bytes = k * micro.element_bytes;
  const std::int64_t rows = micro.steps(k) * micro.depth / micro.pair;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t at = row * kPairBytes;
    for (const std::byte* column : columns) {
      if (column == nullptr || at >= bytes) {
        std::memset(panel, 0, kPairBytes);
      } else if (at + kPairBytes <= bytes) {
        std::memcpy(panel, column + at, kPairBytes);
      } else {
        std::memset(panel, 0, kPairBytes);
        std::memcpy(panel, column + at, static_cast<std::size_t>(bytes - at));
      }
      panel += kPairBytes;
    }
  }
}

}  // namespace

std::int64_t a_panel_bytes(const Micro& micro, std::int64_t rows, std::int64_t k) {
  return (rows + micro.rows - 1) / micro.rows * micro.steps(k) * micro.a_step_bytes();
}

std::int64_t b_panel_bytes(const Micro& micro, std::int64_t columns, std::int64_t k) {
  return (columns + micro.columns - 1) / micro.columns * micro.steps(k) * micro.b_step_bytes();
}

void pack_a_panel(const Micro& micro, RowAt row_at, const void* context, int rows, std::int64_t k,
                  void* panel) {
  for (int i = 0; i < rows; ++i) {
    const void* row = row_at(context, i);
    if (micro.depth == 1) {
      pack_a_columns(micro, static_cast<const float*>(row), i, k, static_cast<float*>(panel));
    } else {
      pack_a_depths(micro, static_cast<const std::byte*>(row), i, k,
                    static_cast<std::byte*>(panel));
    }
  }
}

void pack_a_rows(const Micro& micro, const void* a, std::int64_t rows, std::int64_t k,
                 Threads& threads, std::byte* panels) {
  const std::int64_t row_bytes = k * micro.element_bytes;
  const std::int64_t bytes = micro.steps(k) * micro.a_step_bytes();
  threads.run((rows + micro.rows - 1) / micro.rows, [&](std::int64_t panel, int) {
    const std::int64_t first = panel * micro.rows;
    const MatrixRows from{static_cast<const std::byte*>(a) + first * row_bytes, row_bytes};
    const auto live = static_cast<int>(std::min<std::int64_t>(micro.rows, rows - first));
    pack_a_panel(micro, matrix_row, &from, live, k, panels + panel * bytes);
  });
}

PackedWeights::PackedWeights(const Micro& micro, RowAt row_at, const void* context,
                             std::int64_t columns, std::int64_t k, Threads& threads)
    : micro_(&micro), columns_(columns), k_(k), data_(b_panel_bytes(micro, columns, k)) {
  threads.run(panels(), [&](std::int64_t panel, int) {
    std::vector<const std::byte*> in_panel(static_cast<std::size_t>(micro.columns));
    for (std::int64_t j = 0; j < micro.columns; ++j) {
      const std::int64_t column = panel * micro.columns + j;
      in_panel[static_cast<std::size_t>(j)] =
          column < columns ? static_cast<const std::byte*>(row_at(context, column)) : nullptr;
    }
    pack_b_panel(micro, in_panel, k, data_.data() + panel * panel_bytes());
  });
}

PackedWeights::PackedWeights(const Micro& micro, const void* weights, std::int64_t columns,
                             std::int64_t k, Threads& threads)
    : PackedWeights(
          micro, matrix_row,
          std::array{MatrixRows{static_cast<const std::byte*>(weights), k * micro.element_bytes}}
              .data(),
          columns, k, threads) {}

}  // namespace pingjia::kernels
