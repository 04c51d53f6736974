#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "kernels/compare/ggml/graph.h"
#include "kernels/compare/ggml/makers.h"

namespace pingjia::kernels {
namespace {

/// Queries of a pass: n_ubatch of llama.cpp, which computes a prompt in such chunks too.
constexpr std::int64_t kChunk = 512;

class GgmlAttention final : public AttentionCall {
 public:
  GgmlAttention(const AttentionShape& shape, bool flash, const Threads& threads)
      : shape_(shape),
        flash_(flash),
        graph_(threads),
        q_(graph_.outside(GGML_TYPE_BF16, shape.key_width, shape.query_heads, shape.query_length,
                          shape.batch)),
        k_(graph_.outside(GGML_TYPE_BF16, shape.key_width, shape.kv_heads, shape.key_length,
                          shape.batch)),
        v_(graph_.outside(GGML_TYPE_BF16, shape.value_width, shape.kv_heads, shape.key_length,
                          shape.batch)),
        out_(graph_.outside(GGML_TYPE_BF16, shape.value_width, shape.query_heads,
                            shape.query_length, shape.batch)) {
    for (std::int64_t first = 0; first < shape.query_length; first += kChunk) add_chunk(first);
    graph_.allocate();
    for (const Mask& mask : masks_) graph_.bind(mask.tensor, mask.values.data());
  }

  void run(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out) override {
    graph_.bind(q_, q);
    graph_.bind(k_, k);
    graph_.bind(v_, v);
    graph_.bind(out_, out);
    graph_.compute();
  }

 private:
  struct Mask {
    ggml_tensor* tensor;
    std::vector<ggml_fp16_t> values;
  };

  /// [width][positions][heads][batch] of a tensor [width][heads][positions][batch], from position
  /// `first` on.
  ggml_tensor* rows_of(ggml_tensor* all, std::int64_t first, std::int64_t count) const {
    ggml_context* context = graph_.context();
    return ggml_permute(
        context,
        ggml_view_4d(context, all, all->ne[0], all->ne[1], count, all->ne[3], all->nb[1],
                     all->nb[2], all->nb[3], static_cast<std::size_t>(first) * all->nb[2]),
        0, 2, 1, 3);
  }

  void add_chunk(std::int64_t first) {
    const std::int64_t count = std::min(kChunk, shape_.query_length - first);
    const std::int64_t keys = shape_.keys_seen(first + count - 1);
    ggml_context* context = graph_.context();
    ggml_tensor* q = rows_of(q_, first, count);
    ggml_tensor* k = rows_of(k_, 0, keys);
    ggml_tensor* v = rows_of(v_, 0, keys);
    ggml_tensor* mask = shape_.causal ? mask_of(first, count, keys) : nullptr;
    const auto scale = static_cast<float>(shape_.scale());
    ggml_tensor* out = nullptr;
    if (flash_) {
      out = ggml_flash_attn_ext(context, ggml_cast(context, q, GGML_TYPE_F32), k, v, mask, scale, 0,
                                0);
    } else {
      ggml_tensor* scores = ggml_mul_mat(context, k, ggml_cont(context, q));
      ggml_tensor* shares = ggml_soft_max_ext(context, scores, mask, scale, 0);
      ggml_tensor* columns = ggml_cont(context, ggml_transpose(context, v));
      out = ggml_permute(context, ggml_mul_mat(context, columns, shares), 0, 2, 1, 3);
    }
    graph_.add(ggml_cpy(
        context, out,
        ggml_view_4d(context, out_, out_->ne[0], out_->ne[1], count, out_->ne[3], out_->nb[1],
                     out_->nb[2], out_->nb[3], static_cast<std::size_t>(first) * out_->nb[2])));
  }

  ggml_tensor* mask_of(std::int64_t first, std::int64_t count, std::int64_t keys) {
    const ggml_fp16_t hidden = ggml_fp32_to_fp16(-std::numeric_limits<float>::infinity());
    Mask& mask = masks_.emplace_back();
    mask.tensor = graph_.outside(GGML_TYPE_F16, keys, count);
    mask.values.resize(static_cast<std::size_t>(keys * count));
    for (std::int64_t i = 0; i < count; ++i) {
      std::fill(mask.values.begin() + i * keys + shape_.keys_seen(first + i),
                mask.values.begin() + (i + 1) * keys, hidden);
    }
    return mask.tensor;
  }

  AttentionShape shape_;
  bool flash_;
  std::deque<Mask> masks_;
  GgmlGraph graph_;
  ggml_tensor *q_, *k_, *v_, *out_;
};

AttentionMaker maker(const std::string& implementation, bool flash) {
  return {.implementation = implementation,
          .ours = false,
          .absent = "",
          .make = [flash](const AttentionShape& shape, Threads& threads) {
            return std::make_unique<GgmlAttention>(shape, flash, threads);
          }};
}

}  // namespace

AttentionMaker ggml_attention() {
  return maker("ggml", false);
}

AttentionMaker ggml_flash_attention() {
  return maker("ggml flash", true);
}

}  // namespace pingjia::kernels
