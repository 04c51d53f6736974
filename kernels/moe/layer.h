#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/maker.h"
#include "kernels/processor/bf16.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// The experts of one layer, and the tokens that meet them. Expert e is a gated MLP:
/// down_e (silu(gate_e x) * up_e x).
struct MoeShape {
  std::int64_t tokens = 1;
  std::int64_t hidden = 1;        ///< d
  std::int64_t intermediate = 1;  ///< i
  std::int64_t experts = 1;
  std::int64_t top_k = 1;

  /// 6 tokens top_k d i: three products; gate, SwiGLU and sums are not counted.
  double flops() const;
  /// Weights of `active` experts once, and the activations that must move: tokens in and out.
  double minimum_bytes(std::int64_t active, int weight_bytes) const;
};

/// Which experts each token meets: entry t * top_k + s is token t's s-th.
struct Routing {
  const std::int32_t* experts;  ///< In [0, experts), distinct within a token.
  const float* weights;         ///< The factor of that expert's output.
};

/// [experts][2 intermediate][hidden]: of each expert the rows of gate, then those of up; and
/// [experts][hidden][intermediate].
struct MoeWeights {
  const Bf16* gate_up;
  const Bf16* down;
};

/// The layer ready to run: out[token] = sum over its experts of weight * expert(x[token]); x and
/// out are [tokens][hidden].
class MoeCall {
 public:
  virtual ~MoeCall() = default;
  virtual void run(const Bf16* x, const Routing& routing, Bf16* out) = 0;
  /// The weights as run() reads them, for a row that wants them out of the caches.
  virtual std::vector<std::span<const std::byte>> weights() const = 0;
};

/// A library's are its products, expert by expert, with the steps between them written plainly.
using MoeMaker = Maker<MoeCall, const MoeShape&, const MoeWeights&, Threads&>;

}  // namespace pingjia::kernels
