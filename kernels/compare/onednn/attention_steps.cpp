#include "kernels/compare/onednn/attention_steps.h"

#include <algorithm>

namespace pingjia::kernels {
namespace {

/// Columns of a block of weights in oneDNN's products: of one such panel the first keys are the
/// first bytes.
constexpr std::int64_t kPanel = 64;

MemoryDesc rows_desc(std::int64_t rows, std::int64_t columns, dnnl_data_type_t type) {
  return matrix_desc(rows, columns, type, columns, 1);
}

Primitive scores_of(const AttentionShape& shape, std::int64_t rows, std::int64_t keys,
                    bool packed) {
  const MemoryDesc weights = packed ? any_matrix_desc(shape.key_width, keys, dnnl_bf16)
                                    : matrix_desc(shape.key_width, keys, dnnl_bf16, 1,
                                                  shape.kv_heads * shape.key_width);
  return Primitive::matmul(rows_desc(rows, shape.key_width, dnnl_bf16), weights,
                           rows_desc(rows, keys, dnnl_f32), static_cast<float>(shape.scale()));
}

Primitive values_of(const AttentionShape& shape, std::int64_t rows, std::int64_t keys,
                    std::int64_t width, bool packed) {
  const MemoryDesc weights = packed ? any_matrix_desc(keys, width, dnnl_bf16)
                                    : matrix_desc(keys, width, dnnl_bf16,
                                                  shape.kv_heads * shape.value_width, 1);
  return Primitive::matmul(rows_desc(rows, keys, dnnl_bf16), weights,
                           rows_desc(rows, width, dnnl_bf16));
}

bool same_blocks(const MemoryDesc& a, const MemoryDesc& b) {
  const dnnl_blocking_desc_t &x = a.format_desc.blocking, &y = b.format_desc.blocking;
  return x.inner_nblks == y.inner_nblks &&
         std::equal(x.inner_blks, x.inner_blks + x.inner_nblks, y.inner_blks) &&
         std::equal(x.inner_idxs, x.inner_idxs + x.inner_nblks, y.inner_idxs) &&
         x.strides[0] == y.strides[0];
}

}  // namespace

AttentionSteps::AttentionSteps(const AttentionShape& shape, std::int64_t rows, std::int64_t keys,
                               bool packed)
    : shape_(shape),
      rows_(rows),
      keys_(keys),
      panel_(packed ? kPanel : shape.value_width),
      scores_(scores_of(shape, rows, keys, packed)),
      softmax_(Primitive::softmax(rows_desc(rows, keys, dnnl_f32),
                                  rows_desc(rows, keys, dnnl_bf16))) {
  for (std::int64_t first = 0; first < shape.value_width; first += panel_) {
    values_.push_back(
        values_of(shape, rows, keys, std::min(panel_, shape.value_width - first), packed));
  }
}

std::int64_t AttentionSteps::panel_width(std::size_t panel) const {
  return std::min(panel_, shape_.value_width - static_cast<std::int64_t>(panel) * panel_);
}

bool AttentionSteps::read_layout_of(const AttentionSteps& all) const {
  if (!same_blocks(keys_desc(), all.keys_desc()) ||
      keys_desc().format_desc.blocking.strides[1] !=
          all.keys_desc().format_desc.blocking.strides[1]) {
    return false;
  }
  for (std::size_t panel = 0; panel < panels(); ++panel) {
    if (!same_blocks(values_desc(panel), all.values_desc(panel))) return false;
  }
  return true;
}

void AttentionSteps::score(const MemoryView& keys, AttentionSpace& space) const {
  scores_.run(space.q.data(), &keys, space.scores.data(), space.scratch);
}

void AttentionSteps::weigh(const std::vector<const MemoryView*>& values,
                           AttentionSpace& space) const {
  softmax_.run(space.scores.data(), nullptr, space.probabilities.data(), space.scratch);
  Bf16* out = space.out.as<Bf16>();
  for (std::size_t panel = 0; panel < panels(); ++panel) {
    values_[panel].run(space.probabilities.data(), values[panel], out, space.scratch);
    out += rows_ * panel_width(panel);
  }
}

}  // namespace pingjia::kernels
