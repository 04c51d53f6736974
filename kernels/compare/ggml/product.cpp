#include <cstring>

#include "kernels/compare/ggml/graph_product.h"
#include "kernels/compare/ggml/makers.h"

namespace pingjia::kernels {
namespace {

class GgmlProduct final : public GgmlGraphProduct<Product<Bf16>> {
 public:
  GgmlProduct(const GemmShape& shape, const Bf16* weights, const Threads& threads)
      : GgmlGraphProduct(shape.columns * shape.k * std::int64_t{sizeof(Bf16)}, threads) {
    std::memcpy(weights_.data(), weights, static_cast<std::size_t>(weights_.bytes()));
    ggml_tensor* matrix = graph_.outside(GGML_TYPE_BF16, shape.k, shape.columns);
    a_ = graph_.outside(GGML_TYPE_BF16, shape.k, shape.rows);
    out_ = graph_.outside(GGML_TYPE_BF16, shape.columns, shape.rows);
    compute_as(ggml_mul_mat(graph_.context(), matrix, a_), matrix);
  }
};

}  // namespace

ProductMaker<Bf16> ggml_bf16_product() {
  return {.implementation = "ggml",
          .ours = false,
          .absent = "",
          .make = [](const GemmShape& shape, const Bf16* weights, Threads& threads) {
            return std::make_unique<GgmlProduct>(shape, weights, threads);
          }};
}

}  // namespace pingjia::kernels
