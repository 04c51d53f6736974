#pragma once

#include <span>
#include <vector>

#include "kernels/compare/ggml/graph.h"
#include "kernels/gemm/product.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {

/// What every product by a graph of ggml's has: weights of its own, rows `a_` and results `out_`
/// that are the caller's. Who derives from it fills `weights_` and ends its making with
/// compute_as().
template <class Interface>
class GgmlGraphProduct : public Interface {
 public:
  void run(const Bf16* a, Bf16* out) final {
    graph_.bind(a_, a);
    graph_.bind(out_, out);
    graph_.compute();
  }
  std::vector<std::span<const std::byte>> weights() const final {
    return {{weights_.data(), static_cast<std::size_t>(weights_.bytes())}};
  }

 protected:
  GgmlGraphProduct(std::int64_t weight_bytes, const Threads& threads)
      : weights_(weight_bytes), graph_(threads) {}

  /// `products` of the matrix that lies in the weights, rounded to `out_`.
  void compute_as(ggml_tensor* products, ggml_tensor* matrix) {
    graph_.add(ggml_cpy(graph_.context(), products, out_));
    graph_.allocate();
    graph_.bind(matrix, weights_.data());
  }

  Buffer weights_;
  GgmlGraph graph_;
  ggml_tensor* a_ = nullptr;
  ggml_tensor* out_ = nullptr;
};

}  // namespace pingjia::kernels
