#pragma once

#include <deque>

#include "kernels/compare/onednn/attention_steps.h"

namespace pingjia::kernels {

/// Keys and values of every head of every sequence in the layout of oneDNN's products.
class PackedHeads {
 public:
  /// `steps` are those for all keys.
  PackedHeads(const AttentionShape& shape, const AttentionSteps& steps);

  /// Head `head` in [0, batch * kv_heads); heads may be packed side by side, each with a scratch of
  /// its own.
  void pack(std::int64_t head, const Bf16* k, const Bf16* v, Buffer& scratch);

  HeadViews views(std::int64_t head) const;

 private:
  struct Packed {
    Packed(const MemoryDesc& desc, std::int64_t bytes) : buffer(bytes), view(desc, buffer.data()) {}
    Buffer buffer;
    MemoryView view;
  };

  AttentionShape shape_;
  Primitive pack_keys_;
  std::vector<Primitive> pack_values_;
  std::vector<std::int64_t> panel_widths_;
  std::deque<Packed> keys_;
  std::vector<std::deque<Packed>> values_;  ///< By head and panel.
};

}  // namespace pingjia::kernels
