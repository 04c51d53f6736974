#pragma once

#include <cstdint>

#include "kernels/attention/problem.h"
#include "kernels/attention/rows.h"
#include "kernels/gemm/micro.h"
#include "kernels/processor/buffer.h"
#include "kernels/processor/row_ops.h"

namespace pingjia::kernels {

/// Panels of 32 rows that one thread takes through the keys together, so that a block of keys and
/// values is read from its second cache and not from further away.
inline constexpr std::int64_t kMostPanels = 8;

/// What the kernels of one pair of widths are made of.
struct AttentionParts {
  const Micro& micro;
  const AttentionRows& rows;
  const RowOps& row_ops;
  std::int64_t key_width;
  std::int64_t value_width;

  AttentionParts(Isa isa, std::int64_t key, std::int64_t value);
  std::int64_t key_steps() const { return (key_width + 31) / 32; }
  std::int64_t value_panels() const { return (value_width + 31) / 32; }
  /// Elements of the packed keys, and of the packed values, of a block.
  std::int64_t block_keys() const { return kKeyBlock / 32 * key_steps() * kStep; }
  std::int64_t block_values() const { return kKeyBlock / 32 * value_panels() * kStep; }

  static constexpr std::int64_t kStep = 32 * 32;  ///< Elements of one depth of a panel.
};

/// Packs the keys [first, first + count) of a problem, count <= kKeyBlock, as a block:
/// keys as panels of 32 columns (unless `keys` is null), values as [value panel][depth of 32 keys].
void pack_block(const AttentionParts& parts, const AttentionProblem& problem, std::int64_t first,
                std::int64_t count, Bf16* keys, Bf16* values);

/// One thread's rows on their way through the keys (online softmax).
class QueryPanels {
 public:
  explicit QueryPanels(const AttentionParts& parts);

  /// Starts with `count` rows of the problem, from `first`; at most kMostPanels panels of them.
  void begin(const AttentionProblem& problem, std::int64_t first, std::int64_t count);

  /// Takes the rows through the keys [key, key + count), packed as pack_block does.
  void attend(std::int64_t key, std::int64_t count, const Bf16* keys, const Bf16* values);

  /// Whether attend_rows can take the rows through these keys.
  bool can_read_rows(std::int64_t count) const;
  /// The same with keys where they lie, and packed values: a key that few rows meet is not worth
  /// packing.
  void attend_rows(std::int64_t key, std::int64_t count, const Bf16* values);

  /// Writes the outputs of the rows.
  void store() const;

  /// Adds the rows' state to that of another part of the keys.
  void merge(const QueryPanels& other);

 private:
  void pack_queries(const AttentionProblem& problem);
  void score(std::int64_t panel, std::int64_t keys_seen, const Bf16* keys);
  void score_rows(std::int64_t key, std::int64_t keys_seen);
  template <class Score>
  void attend_panel(std::int64_t panel, std::int64_t key, std::int64_t count, const Bf16* values,
                    Score score);
  float share_of(std::int64_t row) const;
  float* sums(std::int64_t panel) {
    return sums_.as<float>() + panel * kQueryRows * parts_.value_panels() * 32;
  }
  const float* sums(std::int64_t panel) const {
    return sums_.as<float>() + panel * kQueryRows * parts_.value_panels() * 32;
  }

  AttentionParts parts_;
  const AttentionProblem* problem_ = nullptr;
  std::int64_t first_ = 0, count_ = 0;
  SoftmaxRows states_[kMostPanels];
  Buffer queries_;      ///< Panels of A.
  Buffer few_queries_;  ///< One panel of B, for score_rows.
  Buffer sums_;         ///< [panel][value panel][32 rows][32]
  Buffer scores_, weights_;
};

}  // namespace pingjia::kernels
