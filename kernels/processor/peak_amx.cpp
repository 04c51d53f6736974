#include <immintrin.h>

#include "kernels/gemm/micro_isa.h"
#include "kernels/processor/peak_isa.h"

namespace pingjia::kernels {
namespace {

/// Four products of 16 x 16 x 32, each into a tile of its own, as the micro-kernel makes them.
float spin(std::int64_t rounds) {
  kAmxBf16Micro.begin();
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  _tile_zero(4);
  _tile_zero(5);
  _tile_zero(6);
  _tile_zero(7);
  for (; rounds > 0; --rounds) {
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  float sums[16 * 16];
  _tile_stored(0, sums, 64);
  kAmxBf16Micro.end();
  return sums[0];
}

}  // namespace

const Peak kAmxBf16Peak = {"tdpbf16ps", 4.0 * 16 * 16 * 32 * 2, spin};

}  // namespace pingjia::kernels
