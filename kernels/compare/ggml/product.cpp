#include "kernels/compare/ggml/graph.h"
#include "kernels/compare/ggml/makers.h"
#include "kernels/processor/buffer.h"

#include <cstring>

namespace pingjia::kernels {
namespace {

class GgmlProduct final : public Product<Bf16> {
 public:
  GgmlProduct(const GemmShape& shape, const Bf16* weights, const Threads& threads)
      : shape_(shape), graph_(threads, 16), weights_(shape.columns * shape.k * 2) {
    std::memcpy(weights_.data(), weights, static_cast<std::size_t>(weights_.bytes()));
  }

  void run(const Bf16* a, Bf16* out) override {
    if (a != a_ || out != out_) build(a, out);
    graph_.compute();
  }
  std::vector<std::span<const std::byte>> weights() const override {
    return {{weights_.data(), static_cast<std::size_t>(weights_.bytes())}};
  }

 private:
  void build(const Bf16* a, Bf16* out) {
    graph_.build([&]() -> std::vector<ggml_tensor*> {
      ggml_tensor* w = graph_.over(GGML_TYPE_BF16, weights_.data(), {shape_.k, shape_.columns});
      ggml_tensor* x = graph_.over(GGML_TYPE_BF16, a, {shape_.k, shape_.rows});
      ggml_tensor* to = graph_.over(GGML_TYPE_BF16, out, {shape_.columns, shape_.rows});
      return {ggml_cpy(graph_.context(), ggml_mul_mat(graph_.context(), w, x), to)};
    });
    a_ = a;
    out_ = out;
  }

  GemmShape shape_;
  GgmlGraph graph_;
  Buffer weights_;
  const Bf16* a_ = nullptr;
  Bf16* out_ = nullptr;
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
