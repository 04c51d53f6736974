#include <cstring>

#include "kernels/compare/ggml/graph_product.h"
#include "kernels/compare/ggml/makers.h"

namespace pingjia::kernels {
namespace {

/// As llama.cpp absorbs the projections of DeepSeek: one product over a permuted view.
class GgmlHeadProduct final : public GgmlGraphProduct<Product<Bf16>> {
 public:
  GgmlHeadProduct(const HeadShape& shape, const Bf16* weights, const Threads& threads)
      : GgmlGraphProduct(shape.heads * shape.columns * shape.k * std::int64_t{sizeof(Bf16)},
                         threads) {
    std::memcpy(weights_.data(), weights, static_cast<std::size_t>(weights_.bytes()));
    ggml_tensor* matrices = graph_.outside(GGML_TYPE_BF16, shape.k, shape.columns, shape.heads);
    a_ = graph_.outside(GGML_TYPE_BF16, shape.k, shape.heads, shape.rows);
    out_ = graph_.outside(GGML_TYPE_BF16, shape.columns, shape.heads, shape.rows);
    ggml_context* context = graph_.context();
    ggml_tensor* by_head = ggml_permute(context, a_, 0, 2, 1, 3);
    ggml_tensor* products = ggml_mul_mat(context, matrices, by_head);
    compute_as(ggml_permute(context, products, 0, 2, 1, 3), matrices);
  }
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
