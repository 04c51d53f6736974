#include <cstring>

#include "kernels/compare/ggml/graph.h"
#include "kernels/compare/ggml/makers.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {
namespace {

Buffer copy_of(const Bf16* from, std::int64_t count) {
  Buffer copy(count * std::int64_t{sizeof(Bf16)});
  std::memcpy(copy.data(), from, static_cast<std::size_t>(copy.bytes()));
  return copy;
}

class GgmlMoe final : public MoeCall {
 public:
  GgmlMoe(const MoeShape& shape, const MoeWeights& weights, const Threads& threads)
      : gate_up_(copy_of(weights.gate_up, shape.experts * 2 * shape.intermediate * shape.hidden)),
        down_(copy_of(weights.down, shape.experts * shape.hidden * shape.intermediate)),
        graph_(threads),
        x_(graph_.outside(GGML_TYPE_BF16, shape.hidden, 1, shape.tokens)),
        experts_(graph_.outside(GGML_TYPE_I32, shape.top_k, shape.tokens)),
        factors_(graph_.outside(GGML_TYPE_F32, 1, shape.top_k, shape.tokens)),
        out_(graph_.outside(GGML_TYPE_BF16, shape.hidden, shape.tokens)) {
    ggml_context* context = graph_.context();
    ggml_tensor* gate_up =
        graph_.outside(GGML_TYPE_BF16, shape.hidden, 2 * shape.intermediate, shape.experts);
    ggml_tensor* down =
        graph_.outside(GGML_TYPE_BF16, shape.intermediate, shape.hidden, shape.experts);
    ggml_tensor* inside = ggml_swiglu(context, ggml_mul_mat_id(context, gate_up, x_, experts_));
    ggml_tensor* outputs =
        ggml_mul(context, ggml_mul_mat_id(context, down, inside, experts_), factors_);
    graph_.add(ggml_cpy(context, sum_of_slots(outputs), out_));
    graph_.allocate();
    graph_.bind(gate_up, gate_up_.data());
    graph_.bind(down, down_.data());
  }

  void run(const Bf16* x, const Routing& routing, Bf16* out) override {
    graph_.bind(x_, x);
    graph_.bind(experts_, routing.experts);
    graph_.bind(factors_, routing.weights);
    graph_.bind(out_, out);
    graph_.compute();
  }
  std::vector<std::span<const std::byte>> weights() const override {
    return {{gate_up_.data(), static_cast<std::size_t>(gate_up_.bytes())},
            {down_.data(), static_cast<std::size_t>(down_.bytes())}};
  }

 private:
  /// [hidden][tokens] of [hidden][top_k][tokens], one addition for each slot.
  ggml_tensor* sum_of_slots(ggml_tensor* outputs) const {
    ggml_context* context = graph_.context();
    ggml_tensor* sum = nullptr;
    for (std::int64_t slot = 0; slot < outputs->ne[1]; ++slot) {
      ggml_tensor* one =
          ggml_view_2d(context, outputs, outputs->ne[0], outputs->ne[2], outputs->nb[2],
                       static_cast<std::size_t>(slot) * outputs->nb[1]);
      sum = sum ? ggml_add(context, sum, one) : one;
    }
    return sum;
  }

  Buffer gate_up_, down_;
  GgmlGraph graph_;
  ggml_tensor *x_, *experts_, *factors_, *out_;
};

}  // namespace

MoeMaker ggml_moe_layer() {
  return {.implementation = "ggml",
          .ours = false,
          .absent = "",
          .make = [](const MoeShape& shape, const MoeWeights& weights, Threads& threads) {
            return std::make_unique<GgmlMoe>(shape, weights, threads);
          }};
}

}  // namespace pingjia::kernels
