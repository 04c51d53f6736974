#include <stdexcept>

#include "kernels/compare/ggml/graph_product.h"
#include "kernels/compare/ggml/makers.h"

namespace pingjia::kernels {
namespace {

/// Q8_0 and Q4_0: a scale in fp16 for each 32 weights. ggml rounds the activations to 8 bits too,
/// in each call.
class GgmlWeightOnlyProduct final : public GgmlGraphProduct<WeightOnlyProduct> {
 public:
  GgmlWeightOnlyProduct(ggml_type type, const GemmShape& shape, const Bf16* weights,
                        Threads& threads)
      : GgmlGraphProduct(shape.columns * static_cast<std::int64_t>(ggml_row_size(type, shape.k)),
                         threads),
        type_(type),
        k_(shape.k),
        row_bytes_(static_cast<std::int64_t>(ggml_row_size(type, shape.k))) {
    if (shape.k % ggml_blck_size(type) != 0) throw std::runtime_error("k is not a multiple of 32");
    // Each row at once, so that no copy of all weights in fp32 is needed.
    threads.run(shape.columns, [&](std::int64_t column, int) {
      std::vector<float> row(static_cast<std::size_t>(k_));
      for (std::int64_t i = 0; i < k_; ++i) {
        row[static_cast<std::size_t>(i)] = to_float(weights[column * k_ + i]);
      }
      ggml_quantize_chunk(type_, row.data(), weights_.data() + column * row_bytes_, 0, 1, k_,
                          nullptr);
    });
    ggml_tensor* matrix = graph_.outside(type, shape.k, shape.columns);
    a_ = graph_.outside(GGML_TYPE_BF16, shape.k, shape.rows);
    out_ = graph_.outside(GGML_TYPE_BF16, shape.columns, shape.rows);
    // Its products with such weights take activations in fp32, as llama.cpp has them.
    ggml_tensor* wide = ggml_cast(graph_.context(), a_, GGML_TYPE_F32);
    compute_as(ggml_mul_mat(graph_.context(), matrix, wide), matrix);
  }

  void dequantize(std::int64_t column, float* out) const override {
    ggml_get_type_traits(type_)->to_float(weights_.data() + column * row_bytes_, out, k_);
  }

 private:
  ggml_type type_;
  std::int64_t k_, row_bytes_;
};

}  // namespace

WeightOnlyMaker ggml_weight_only_product(int bits) {
  const ggml_type type = bits == 8 ? GGML_TYPE_Q8_0 : GGML_TYPE_Q4_0;
  return {.implementation = "ggml",
          .ours = false,
          .absent = "",
          .make = [type](const GemmShape& shape, const Bf16* weights, Threads& threads) {
            return std::make_unique<GgmlWeightOnlyProduct>(type, shape, weights, threads);
          }};
}

}  // namespace pingjia::kernels
