#include <cstring>

#include "kernels/compare/ggml/graph.h"
#include "kernels/compare/ggml/makers.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {
namespace {

class GgmlProduct final : public Product<Bf16> {
 public:
  GgmlProduct(const GemmShape& shape, const Bf16* weights, const Threads& threads)
      : weights_(shape.columns * shape.k * std::int64_t{sizeof(Bf16)}), graph_(threads) {
    std::memcpy(weights_.data(), weights, static_cast<std::size_t>(weights_.bytes()));
    ggml_tensor* matrix = graph_.outside(GGML_TYPE_BF16, shape.k, shape.columns);
    a_ = graph_.outside(GGML_TYPE_BF16, shape.k, shape.rows);
    out_ = graph_.outside(GGML_TYPE_BF16, shape.columns, shape.rows);
    ggml_context* context = graph_.context();
    graph_.add(ggml_cpy(context, ggml_mul_mat(context, matrix, a_), out_));
    graph_.allocate();
    graph_.bind(matrix, weights_.data());
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

ProductMaker<Bf16> ggml_bf16_product() {
  return {.implementation = "ggml",
          .ours = false,
          .absent = "",
          .make = [](const GemmShape& shape, const Bf16* weights, Threads& threads) {
            return std::make_unique<GgmlProduct>(shape, weights, threads);
          }};
}

}  // namespace pingjia::kernels
