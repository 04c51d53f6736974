#pragma once

#include <vector>

#include "kernels/attention/shape.h"
#include "kernels/compare/onednn/primitive.h"
#include "kernels/processor/bf16.h"

namespace pingjia::kernels {

/// Keys and values of one head as the products of a block read them: the keys as one matrix
/// [key width][keys], the values as panels [keys][64 columns or fewer].
struct HeadViews {
  const MemoryView* keys = nullptr;
  std::vector<const MemoryView*> values;
};

/// Memory of one thread.
struct AttentionSpace {
  Buffer q, scores, probabilities, out, scratch;
};

/// What a block of `rows` queries does with the first `keys` keys: two products, and a softmax
/// between them.
class AttentionSteps {
 public:
  /// `packed`: keys and values lie in the layout that the products prefer; else as the shape says,
  /// and the values are one panel.
  AttentionSteps(const AttentionShape& shape, std::int64_t rows, std::int64_t keys, bool packed);

  std::int64_t rows() const { return rows_; }
  std::int64_t keys() const { return keys_; }
  const MemoryDesc& keys_desc() const { return scores_.weights(); }
  std::size_t panels() const { return values_.size(); }
  const MemoryDesc& values_desc(std::size_t panel) const { return values_[panel].weights(); }
  std::int64_t panel_width(std::size_t panel) const;

  /// Whether memory packed for `all` keys can be read by these steps for fewer.
  bool read_layout_of(const AttentionSteps& all) const;

  /// space.q to space.scores, [rows][keys].
  void score(const MemoryView& keys, AttentionSpace& space) const;
  /// space.scores to space.out: one panel [rows][panel width] after the other.
  void weigh(const std::vector<const MemoryView*>& values, AttentionSpace& space) const;

 private:
  AttentionShape shape_;
  std::int64_t rows_, keys_, panel_;
  Primitive scores_, softmax_;
  std::vector<Primitive> values_;
};

}  // namespace pingjia::kernels
