#pragma once

#include <cstdint>

#include "kernels/processor/bf16.h"

namespace pingjia::kernels {

/// Queries that share one head of keys and values: `group` heads at `query_length` positions of one
/// sequence. A row is one of these queries: row r is head r % group at position r / group. Strides
/// are in elements.
struct AttentionProblem {
  const Bf16* q = nullptr;  ///< [query_length][group][key width], positions q_stride apart.
  std::int64_t q_stride = 0;
  std::int64_t query_length = 1;
  std::int64_t group = 1;

  const Bf16* keys = nullptr;  ///< Key j begins at keys + j key_stride, unless there are pages.
  const Bf16* values = nullptr;
  std::int64_t key_stride = 0;
  std::int64_t value_stride = 0;
  std::int64_t key_length = 1;
  /// Key j of a paged cache lies in page pages[j / page_size], at its place j % page_size; pages
  /// stand page_keys and page_values elements apart.
  const std::int32_t* pages = nullptr;
  std::int64_t page_size = 1;
  std::int64_t page_keys = 0;
  std::int64_t page_values = 0;

  Bf16* out = nullptr;  ///< [query_length][group][value width], positions out_stride apart.
  std::int64_t out_stride = 0;

  float scale = 1;          ///< Of the scores, before the softmax.
  bool causal = false;      ///< Aligned at the bottom right (AttentionShape).
  std::int64_t window = 0;  ///< Above 0: a position sees the newest so many keys only.
  /// One score for each head of the group that takes its share of the softmax and has no value
  /// (gpt-oss); null: none.
  const float* sinks = nullptr;

  std::int64_t rows() const { return query_length * group; }
  /// Row r sees the keys [first_seen(r), last_seen(r)).
  std::int64_t first_seen(std::int64_t row) const;
  std::int64_t last_seen(std::int64_t row) const;
  // Here because decode asks for every one of its keys.
  const Bf16* key(std::int64_t j) const {
    if (pages == nullptr) return keys + j * key_stride;
    return keys + pages[j / page_size] * page_keys + j % page_size * key_stride;
  }
  const Bf16* value(std::int64_t j) const {
    if (pages == nullptr) return values + j * value_stride;
    return values + pages[j / page_size] * page_values + j % page_size * value_stride;
  }
};

}  // namespace pingjia::kernels
