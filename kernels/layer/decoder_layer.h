#pragma once

#include <optional>
#include <vector>

#include "kernels/attention/flash.h"
#include "kernels/catalog/model_shape.h"
#include "kernels/gemm/dense.h"
#include "kernels/layer/layer_rows.h"

namespace pingjia::kernels {

/// Matrices of one dense layer, row-major [outputs][inputs], and the gains of its two norms.
struct DecoderWeights {
  const Bf16* qkv;      ///< [(query heads + 2 kv heads) * head width][hidden]
  const Bf16* o;        ///< [hidden][query heads * head width]
  const Bf16* gate_up;  ///< [2 intermediate][hidden]: gate, then up.
  const Bf16* down;     ///< [hidden][intermediate]
  const Bf16* attention_gain;
  const Bf16* mlp_gain;
};

/// One decode step through one layer of a dense decoder (Llama's): norm, qkv, RoPE, cache write,
/// attention over the cache, o, sum, norm, gate_up, SwiGLU, down, sum. What single ops miss is the
/// way between them.
class DecoderLayer {
 public:
  static constexpr double kRopeBase = 500000;  ///< Llama 3's; its value does not change the work.

  /// `batch` sequences, each with `length` cached tokens and one new one. Weights are packed here.
  DecoderLayer(Isa isa, const ModelShape& model, const DecoderWeights& weights, std::int64_t batch,
               std::int64_t length, Threads& threads);

  /// x [batch][hidden] in and out. Caches [batch][length + 1][kv heads][head width]; the new
  /// token's keys and values are written to the last place of each.
  void run(Bf16* x, Bf16* keys, Bf16* values);

  static double flops(const ModelShape& model, std::int64_t batch, std::int64_t length);
  /// Weights and caches once.
  static double minimum_bytes(const ModelShape& model, std::int64_t batch, std::int64_t length);
  std::vector<std::span<const std::byte>> weights() const;

 private:
  void attend(Bf16* keys, Bf16* values);
  void place(std::int64_t sequence, Bf16* keys, Bf16* values);

  ModelShape model_;
  std::int64_t batch_, length_;
  const LayerRows& rows_;
  Threads& threads_;
  std::vector<Bf16> attention_gain_, mlp_gain_;
  PackedWeights qkv_weights_, o_weights_, gate_up_weights_, down_weights_;
  Gemm qkv_, o_, gate_up_, down_;
  FlashAttention attention_;
  std::vector<float> cosines_, sines_;  ///< Of the new token's place.
  std::vector<Bf16> normed_, heads_, attended_, projected_, inside_, gated_;
};

}  // namespace pingjia::kernels
