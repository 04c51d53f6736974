#include <algorithm>
#include <cstring>

#include "kernels/compare/ggml/graph.h"
#include "kernels/compare/ggml/makers.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {
namespace {

/// As llama.cpp builds a layer of experts whose gate and up projections are merged.
class GgmlMoe final : public MoeCall {
 public:
  GgmlMoe(const MoeShape& shape, const MoeWeights& weights, const Threads& threads)
      : shape_(shape),
        graph_(threads, static_cast<std::size_t>(32 + 3 * shape.top_k)),
        gate_up_(4 * shape.experts * shape.intermediate * shape.hidden),
        down_(2 * shape.experts * shape.intermediate * shape.hidden) {
    std::memcpy(gate_up_.data(), weights.gate_up, static_cast<std::size_t>(gate_up_.bytes()));
    std::memcpy(down_.data(), weights.down, static_cast<std::size_t>(down_.bytes()));
  }

  void run(const Bf16* x, const Routing& routing, Bf16* out) override {
    if (x != x_ || out != out_ || routing.experts != routing_.experts ||
        routing.weights != routing_.weights) {
      build(x, routing, out);
    }
    graph_.compute();
  }

  std::vector<std::span<const std::byte>> weights() const override {
    return {{gate_up_.data(), static_cast<std::size_t>(gate_up_.bytes())},
            {down_.data(), static_cast<std::size_t>(down_.bytes())}};
  }

 private:
  void build(const Bf16* x, const Routing& routing, Bf16* out) {
    graph_.build([&]() -> std::vector<ggml_tensor*> {
      ggml_tensor* to = graph_.over(GGML_TYPE_BF16, out, {shape_.hidden, shape_.tokens});
      return {ggml_cpy(graph_.context(), sum(weighted(x, routing)), to)};
    });
    x_ = x;
    out_ = out;
    routing_ = routing;
  }

  /// [hidden, top_k, tokens]: what each expert says, times its weight.
  ggml_tensor* weighted(const Bf16* x, const Routing& routing) {
    ggml_context* context = graph_.context();
    const MoeShape& s = shape_;
    ggml_tensor* gate_up =
        graph_.over(GGML_TYPE_BF16, gate_up_.data(), {s.hidden, 2 * s.intermediate, s.experts});
    ggml_tensor* down =
        graph_.over(GGML_TYPE_BF16, down_.data(), {s.intermediate, s.hidden, s.experts});
    ggml_tensor* tokens = graph_.over(GGML_TYPE_BF16, x, {s.hidden, 1, s.tokens});
    ggml_tensor* experts = graph_.over(GGML_TYPE_I32, routing.experts, {s.top_k, s.tokens});
    ggml_tensor* factors = graph_.over(GGML_TYPE_F32, routing.weights, {1, s.top_k, s.tokens});
    ggml_tensor* inner = ggml_swiglu(context, ggml_mul_mat_id(context, gate_up, tokens, experts));
    return ggml_mul(context, ggml_mul_mat_id(context, down, inner, experts), factors);
  }

  ggml_tensor* sum(ggml_tensor* parts) {
    ggml_tensor* total = nullptr;
    for (std::int64_t i = 0; i < shape_.top_k; ++i) {
      ggml_tensor* part = ggml_view_2d(graph_.context(), parts, shape_.hidden, shape_.tokens,
                                       parts->nb[2], static_cast<std::size_t>(i) * parts->nb[1]);
      total = total ? ggml_add(graph_.context(), total, part) : part;
    }
    return total;
  }

  MoeShape shape_;
  GgmlGraph graph_;
  Buffer gate_up_, down_;
  const Bf16* x_ = nullptr;
  Bf16* out_ = nullptr;
  Routing routing_{};
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
