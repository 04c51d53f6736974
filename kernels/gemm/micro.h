#pragma once

#include <cstdint>

#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// The innermost product of every matrix kernel here: a block of `rows` x `columns` sums held in
/// registers, multiplied from two packed panels (panel.h). What Goto and van de Geijn call the
/// micro-kernel ("Anatomy of high-performance matrix multiplication", 2008).
struct Micro {
  const char* name;  ///< Instruction set, as in isa.h.
  int rows;          ///< Rows of a panel of A.
  int columns;       ///< Columns of a panel of B.
  int depth;         ///< Steps along k are padded to a multiple of this.
  int pair;          ///< Neighbours along k that lie side by side in B: 2 for bf16, 1 for fp32.
  int element_bytes;
  /// A call of at most so many live rows reads `b` once, from its first byte to its last; one of
  /// more comes back to it.
  int one_pass_rows;

  /// c[i][j] = (or += when `add`) sum over k of a[i][k] b[k][j], for the first `live_rows` rows and
  /// all columns. `steps` counts depths. Rows of `c` stand `stride` floats apart; rows from
  /// live_rows to `rows` may be written too, with whatever the panel's padding gives.
  void (*multiply)(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                   std::int64_t stride, bool add);

  /// The same sums, for a `b` that comes from memory and is read once, as few rows read it: asks
  /// for the panels that follow it, some way ahead.
  void (*stream)(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
                 std::int64_t stride, bool add);

  /// Around a thread's use of multiply: sets up the tiles, and frees them. May be null.
  void (*begin)();
  void (*end)();

  /// Bytes of one depth of a panel.
  std::int64_t a_step_bytes() const { return std::int64_t{rows} * depth * element_bytes; }
  std::int64_t b_step_bytes() const { return std::int64_t{columns} * depth * element_bytes; }
  std::int64_t steps(std::int64_t k) const { return (k + depth - 1) / depth; }
};

/// bf16 products summed in fp32: all have 32 rows, 32 columns and depth 32, so that panels packed
/// for one instruction set serve the others. amx: tdpbf16ps on 2 x 2 tiles; avx512: vdpbf16ps,
/// which takes denormals as zero; avx2 and portable: widened to fp32, fused multiply-add.
const Micro& bf16_micro(Isa isa);

/// fp32: columns and rows differ by the registers there are. kAmx gives the same as kAvx512.
const Micro& fp32_micro(Isa isa);

/// Holds begin() and end() around a scope.
class MicroUse {
 public:
  explicit MicroUse(const Micro& micro) : micro_(micro) {
    if (micro_.begin != nullptr) micro_.begin();
  }
  ~MicroUse() {
    if (micro_.end != nullptr) micro_.end();
  }
  MicroUse(const MicroUse&) = delete;
  MicroUse& operator=(const MicroUse&) = delete;

 private:
  const Micro& micro_;
};

}  // namespace pingjia::kernels
