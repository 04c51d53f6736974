#include "kernels/gemm/panel.h"

#include <algorithm>
#include <array>
#include <cstring>

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

/// One column of the weights into a panel of B.
void pack_b_column(const Micro& micro, const std::byte* column, int j, std::int64_t k,
                   std::byte* panel) {
  const std::int64_t pair_bytes = std::int64_t{micro.pair} * micro.element_bytes;
  const std::int64_t bytes = k * micro.element_bytes;
  std::byte* to = panel + j * pair_bytes;
  for (std::int64_t at = 0; at < bytes; at += pair_bytes, to += micro.columns * pair_bytes) {
    std::memcpy(to, column + at, static_cast<std::size_t>(std::min(pair_bytes, bytes - at)));
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
  auto* to = static_cast<std::byte*>(panel);
  if (rows < micro.rows) {
    std::memset(to, 0, static_cast<std::size_t>(micro.steps(k) * micro.a_step_bytes()));
  }
  for (int i = 0; i < rows; ++i) {
    const void* row = row_at(context, i);
    if (micro.depth == 1) {
      pack_a_columns(micro, static_cast<const float*>(row), i, k, static_cast<float*>(panel));
    } else {
      pack_a_depths(micro, static_cast<const std::byte*>(row), i, k, to);
    }
  }
}

PackedWeights::PackedWeights(const Micro& micro, RowAt row_at, const void* context,
                             std::int64_t columns, std::int64_t k)
    : micro_(&micro), columns_(columns), k_(k), data_(b_panel_bytes(micro, columns, k)) {
  std::memset(data_.data(), 0, static_cast<std::size_t>(data_.bytes()));
  for (std::int64_t column = 0; column < columns; ++column) {
    const void* from = row_at(context, column);
    if (from == nullptr) continue;
    pack_b_column(micro, static_cast<const std::byte*>(from),
                  static_cast<int>(column % micro.columns), k,
                  data_.data() + column / micro.columns * panel_bytes());
  }
}

PackedWeights::PackedWeights(const Micro& micro, const void* weights, std::int64_t columns,
                             std::int64_t k)
    : PackedWeights(
          micro,
          [](const void* context, std::int64_t column) -> const void* {
            const auto* matrix = static_cast<const MatrixRows*>(context);
            return matrix->data + column * matrix->row_bytes;
          },
          std::array{MatrixRows{static_cast<const std::byte*>(weights), k * micro.element_bytes}}
              .data(),
          columns, k) {}

}  // namespace pingjia::kernels
