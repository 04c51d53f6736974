#pragma once

#include <cstdint>

#include "kernels/gemm/micro.h"
#include "kernels/processor/buffer.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

// Panels are what a Micro reads: for each depth along k, a panel of A holds [rows][depth], a panel
// of B holds [depth / pair][columns][pair]. What is past the matrix along k, and past its columns,
// is zero; rows of A that are not there are whatever stood in that memory.

/// Bytes of all panels that hold `rows` rows (of A) or `columns` columns (of B) of length k.
std::int64_t a_panel_bytes(const Micro& micro, std::int64_t rows, std::int64_t k);
std::int64_t b_panel_bytes(const Micro& micro, std::int64_t columns, std::int64_t k);

/// One panel of A: row i of `rows` <= micro.rows is row_at(context, i), k elements long. Rows need
/// not lie in order: a gather costs nothing on top of packing.
using RowAt = const void* (*)(const void* context, std::int64_t row);
void pack_a_panel(const Micro& micro, RowAt row_at, const void* context, int rows, std::int64_t k,
                  void* panel);

/// All panels of a dense matrix A [rows][k], by all threads.
void pack_a_rows(const Micro& micro, const void* a, std::int64_t rows, std::int64_t k,
                 Threads& threads, std::byte* panels);

/// A matrix of weights [columns][k], row-major as models store them, packed once into panels of B.
class PackedWeights {
 public:
  PackedWeights(const Micro& micro, const void* weights, std::int64_t columns, std::int64_t k,
                Threads& threads);

  /// Column j is row_at(context, j), null for a column of zeros.
  PackedWeights(const Micro& micro, RowAt row_at, const void* context, std::int64_t columns,
                std::int64_t k, Threads& threads);

  const Micro& micro() const { return *micro_; }
  std::int64_t columns() const { return columns_; }
  std::int64_t k() const { return k_; }
  std::int64_t panels() const { return (columns_ + micro_->columns - 1) / micro_->columns; }
  std::int64_t panel_bytes() const { return micro_->steps(k_) * micro_->b_step_bytes(); }
  const std::byte* panel(std::int64_t index) const { return data_.data() + index * panel_bytes(); }
  std::span<const std::byte> memory() const {
    return {data_.data(), static_cast<std::size_t>(data_.bytes())};
  }

 private:
  const Micro* micro_;
  std::int64_t columns_, k_;
  Buffer data_;
};

}  // namespace pingjia::kernels
