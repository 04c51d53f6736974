#pragma once

#include <cstdint>

#include "kernels/gemm/panel.h"
#include "kernels/processor/bf16.h"
#include "kernels/processor/row_ops.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// A dense product as a linear layer makes it: out[rows][columns] = a[rows][k] times the transpose
/// of weights[columns][k].
struct GemmShape {
  std::int64_t rows = 1;     ///< m: tokens.
  std::int64_t columns = 1;  ///< n: outputs.
  std::int64_t k = 1;        ///< inputs.

  /// 2 rows columns k.
  double flops() const;
  /// Each operand moved once; research table "Dense GEMM": e(mk + nk) + e_o mn.
  double minimum_bytes(int element_bytes, int out_bytes) const;
};

/// Packs `a`, multiplies, and rounds the sums to bf16. The weights were packed before, as an engine
/// does when it loads a model. `a` and `out` are dense and row-major.
class Gemm {
 public:
  Gemm(Isa isa, const PackedWeights& weights, Threads& threads, std::int64_t most_rows);

  /// weights.micro() of bf16. rows <= most_rows.
  void run(const Bf16* a, std::int64_t rows, Bf16* out);
  /// weights.micro() of fp32.
  void run(const float* a, std::int64_t rows, float* out);

 private:
  template <class T>
  void multiply(const T* a, std::int64_t rows, T* out);

  const PackedWeights& weights_;
  Threads& threads_;
  const RowOps& row_ops_;
  Buffer a_;     ///< All rows as panels.
  Buffer sums_;  ///< One block for each thread.
};

}  // namespace pingjia::kernels
