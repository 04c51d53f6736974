#pragma once

#include <cstdint>

#include "kernels/processor/bf16.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// Keys in a block between two looks at the softmax, and rows in a panel of queries; panels are
/// those of bf16_micro (32 rows, 32 columns, depth 32).
inline constexpr int kKeyBlock = 256;
inline constexpr int kQueryRows = 32;
inline constexpr int kPanelKeys = 32;
inline constexpr int kFewQueries = 16;

/// The state of up to 32 queries over the keys seen so far (Milakov and Gimelshein, "Online
/// normalizer calculation for softmax", 2018). Scores are in units of log2: scale * log2(e) * q k.
struct SoftmaxRows {
  float highest[kQueryRows];  ///< -infinity before the first key.
  float sum[kQueryRows];      ///< Of 2^(score - highest).
};

/// One block of scores of a panel of queries, turned into weights.
struct SoftmaxBlock {
  float* scores;     ///< [32][kKeyBlock] raw products; overwritten.
  Bf16* weights;     ///< A panel of A: [kKeyBlock / 32][32][32].
  int rows;          ///< Live ones of the 32.
  int keys;          ///< Columns that hold scores, a multiple of 32.
  float scale;       ///< softmax scale times log2(e).
  const int* first;  ///< Row r sees the block's keys [first[r], last[r]); the others weigh 0.
  const int* last;
  float* out;  ///< [out_panels][32 rows][32] sums so far, scaled where a row's highest grows.
  std::int64_t out_panels;
};

/// Rows of keys, or of values, to be packed together.
struct RowsToPack {
  const Bf16* row[kPanelKeys];  ///< The first `count`.
  int count;
  /// All kPanelKeys: rows that are packed some time after these. Keys of one head lie apart, a few
  /// lines each, and the processor does not guess the next ones in time: they are asked for line by
  /// line while these are packed, so that memory and arithmetic work at once.
  const Bf16* ahead[kPanelKeys];
};

/// What attention does beside matrix products, for one instruction set.
struct AttentionRows {
  /// Keys of `width` elements into a panel of B whose columns are keys and
  /// whose k is the width; missing keys are zero.
  void (*pack_keys)(const RowsToPack& keys, std::int64_t width, Bf16* panel);
  /// Values into one depth of every panel of B whose k is the keys and whose
  /// columns are the width; panels stand `panel_stride` elements apart. Missing values are zero,
  /// so that a weight of zero meets no NaN.
  void (*pack_values)(const RowsToPack& values, std::int64_t width, Bf16* panel,
                      std::int64_t panel_stride);
  void (*softmax)(SoftmaxRows& state, const SoftmaxBlock& block);
  /// The products of few queries with 32 keys, straight from where the keys lie: scores[i][j] of
  /// query i < live <= kFewQueries and key j, rows of 32. `queries` is what pack_keys makes of the
  /// queries; keys.row[0] and keys.row[16] each begin 16 rows that stand `key_stride` elements
  /// apart. `width` is a multiple of 32. Null where an instruction set has nothing that is faster
  /// than to pack.
  void (*score_rows)(const Bf16* queries, const RowsToPack& keys, std::int64_t key_stride,
                     std::int64_t width, int live, float* scores);
};

const AttentionRows& attention_rows(Isa isa);

}  // namespace pingjia::kernels
