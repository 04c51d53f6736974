#include <cstring>

#include "kernels/compare/ggml/graph.h"
#include "kernels/compare/ggml/makers.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {
namespace {

/// As llama.cpp absorbs the projections of DeepSeek: one product over a permuted view.
class GgmlHeadProduct final : public Product<Bf16> {
 public:
  GgmlHeadProduct(const HeadShape& shape, const Bf16* weights, const Threads& threads)
      : weights_(shape.heads * shape.columns * shape.k * std::int64_t{sizeof(Bf16)}),
        graph_(threads),
        a_(graph_.outside(GGML_TYPE_BF16, shape.k, shape.heads, shape.rows)),
        out_(graph_.outside(GGML_TYPE_BF16, shape.columns, shape.heads, shape.rows)) {
    std::memcpy(weights_.data(), weights, static_cast<std::size_t>(weights_.bytes()));
    ggml_context* context = graph_.context();
    ggml_tensor* matrices = graph_.outside(GGML_TYPE_BF16, shape.k, shape.columns, shape.heads);
    ggml_tensor* by_head = ggml_permute(context, a_, 0, 2, 1, 3);
    ggml_tensor* products = ggml_mul_mat(context, matrices, by_head);
    graph_.add(ggml_cpy(context, ggml_permute(context, products, 0, 2, 1, 3), out_));
    graph_.allocate();
    graph_.bind(matrices, weights_.data());
  }

  void run(const Bf16* a, Bf16* out) override {
    graph_.bind(a_, a);
    graph_.bind(out_, out);
    graph_.compute();
  }
  std::vector<std::span<const std::byte>> weights() const override {
    return {{weights_.data(), static_cast<std::size_t>(weights_.bytes())}};
  }

 private:
  Buffer weights_;
  GgmlGraph graph_;
  ggml_tensor* a_;
  ggml_tensor* out_;
};

}  // namespace

HeadProductMaker ggml_head_product() {
  return {.implementation = "ggml",
          .ours = false,
          .absent = "",
          .make = [](const HeadShape& shape, const Bf16* weights, Threads& threads) {
            return std::make_unique<GgmlHeadProduct>(shape, weights, threads);
          }};
}

}  // namespace pingjia::kernels
