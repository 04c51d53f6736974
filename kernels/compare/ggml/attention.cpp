#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/compare/ggml/graph.h"
#include "kernels/compare/ggml/makers.h"

namespace pingjia::kernels {
namespace {

/// Queries of one pass, as llama.cpp cuts a prompt (its default n_ubatch).
constexpr std::int64_t kPass = 512;

class GgmlAttention final : public AttentionCall {
 public:
  GgmlAttention(const AttentionShape& shape, const Threads& threads, bool flash)
      : shape_(shape),
        flash_(flash),
        graph_(threads, static_cast<std::size_t>(32 + 24 * (shape.query_length / kPass + 1))) {
    if (!shape.causal) return;
    const ggml_fp16_t hidden = ggml_fp32_to_fp16(-std::numeric_limits<float>::infinity());
    mask_.resize(static_cast<std::size_t>(shape.query_length * shape.key_length));
    for (std::int64_t i = 0; i < shape.query_length; ++i) {
      const auto row = mask_.begin() + i * shape.key_length;
      std::fill(row + shape.keys_seen(i), row + shape.key_length, hidden);
    }
  }

  void run(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out) override {
    if (q != q_ || k != k_ || v != v_ || out != out_) build(q, k, v, out);
    graph_.compute();
    clear_blind(out);
  }

 private:
  void build(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out) {
    graph_.build([&] {
      std::vector<ggml_tensor*> passes;
      ggml_tensor* values =
          turned(tensor(v, shape_.value_width, shape_.kv_heads, shape_.key_length));
      ggml_tensor* keys = turned(tensor(k, shape_.key_width, shape_.kv_heads, shape_.key_length));
      if (!flash_) values = ggml_cont(graph_.context(), ggml_transpose(graph_.context(), values));
      for (std::int64_t first = 0; first < shape_.query_length; first += kPass) {
        passes.push_back(pass(first, q, keys, values, out));
      }
      return passes;
    });
    q_ = q, k_ = k, v_ = v, out_ = out;
  }

  /// Queries [first, first + kPass), from q to out.
  ggml_tensor* pass(std::int64_t first, const Bf16* q, ggml_tensor* keys, ggml_tensor* values,
                    Bf16* out) {
    ggml_context* context = graph_.context();
    const std::int64_t count = std::min(kPass, shape_.query_length - first);
    ggml_tensor* queries = turned(part(q, shape_.key_width, first, count));
    ggml_tensor* to = part(out, shape_.value_width, first, count);
    ggml_tensor* mask = nullptr;
    if (shape_.causal) {
      mask = graph_.over(GGML_TYPE_F16, mask_.data() + first * shape_.key_length,
                         {shape_.key_length, count});
    }
    const auto scale = static_cast<float>(shape_.scale());
    if (flash_) {
      queries = ggml_cast(context, queries, GGML_TYPE_F32);
      return ggml_cpy(context,
                      ggml_flash_attn_ext(context, queries, keys, values, mask, scale, 0, 0), to);
    }
    ggml_tensor* scores = ggml_mul_mat(context, keys, queries);
    scores = ggml_soft_max_ext(context, scores, mask, scale, 0);
    return ggml_cpy(context, turned(ggml_mul_mat(context, values, scores)), to);
  }

  ggml_tensor* tensor(const Bf16* data, std::int64_t width, std::int64_t heads,
                      std::int64_t length) {
    return graph_.over(GGML_TYPE_BF16, data, {width, heads, length, shape_.batch});
  }

  ggml_tensor* part(const Bf16* data, std::int64_t width, std::int64_t first, std::int64_t count) {
    ggml_tensor* all = tensor(data, width, shape_.query_heads, shape_.query_length);
    return ggml_view_4d(graph_.context(), all, width, shape_.query_heads, count, shape_.batch,
                        all->nb[1], all->nb[2], all->nb[3],
                        static_cast<std::size_t>(first) * all->nb[2]);
  }

  /// Heads and positions change places.
  ggml_tensor* turned(ggml_tensor* tensor) {
    return ggml_permute(graph_.context(), tensor, 0, 2, 1, 3);
  }

  /// Queries that see no key: the softmax over nothing is no number.
  void clear_blind(Bf16* out) const {
    const std::int64_t size = shape_.query_heads * shape_.value_width;
    for (std::int64_t i = 0; i < shape_.batch * shape_.query_length; ++i) {
      if (shape_.keys_seen(i % shape_.query_length) > 0) continue;
      std::fill_n(out + i * size, size, Bf16{});
    }
  }

  AttentionShape shape_;
  bool flash_;
  GgmlGraph graph_;
  std::vector<ggml_fp16_t> mask_;  ///< [query_length][key_length]: 0 or minus infinity.
  const Bf16 *q_ = nullptr, *k_ = nullptr, *v_ = nullptr;
  Bf16* out_ = nullptr;
};

AttentionMaker maker(const char* name, bool flash) {
  return {.implementation = name,
          .ours = false,
          .absent = "",
          .make = [flash](const AttentionShape& shape, Threads& threads) {
            return std::make_unique<GgmlAttention>(shape, threads, flash);
          }};
}

}  // namespace

std::vector<AttentionMaker> ggml_attentions() {
  return {maker("ggml flash", true), maker("ggml", false)};
}

}  // namespace pingjia::kernels
