#include <immintrin.h>

#include "kernels/gemm/micro_isa.h"

namespace pingjia::kernels {
namespace {

constexpr int kRowBytes = 64;  ///< 32 bf16 of A; 16 pairs of B.
constexpr int kTileBytes = 16 * kRowBytes;
constexpr int kBRowBytes = 2 * kRowBytes;   ///< A row of B's panel: both tiles of 16 columns.
constexpr int kStepBytes = 2 * kTileBytes;  ///< One depth of either panel.

/// Palette 1, every tile of 16 rows x 64 bytes. Intel's manual, LDTILECFG.
struct alignas(64) TileConfig {
  unsigned char palette = 1;
  unsigned char start_row = 0;
  unsigned char reserved[14] = {};
  unsigned short row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  unsigned char rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// In memory before the program starts: GCC 12's _tile_loadconfig tells the compiler of its first
// 8 bytes only, and a local one would be filled no further.
constexpr TileConfig kConfig;

void begin() {
  _tile_loadconfig(&kConfig);
}

void end() {
  _tile_release();
}

/// For the depth of a panel that comes some way after b.
void ask(const char* b) {
#pragma GCC unroll 32
  for (int line = 0; line < kStepBytes; line += kRowBytes) {
    _mm_prefetch(b + kAheadBytes + line, _MM_HINT_T1);
  }
}

/// Tiles 0 to 3 hold c, 4 and 5 rows of a, 6 and 7 columns of b.
template <bool kAsks>
void multiply_2x2(const char* a, const char* b, std::int64_t steps, float* c, std::int64_t stride,
                  bool add) {
  const std::int64_t c_bytes = stride * 4;
  float* lower = c + 16 * stride;
  if (add) {
    _tile_loadd(0, c, c_bytes);
    _tile_loadd(1, c + 16, c_bytes);
    _tile_loadd(2, lower, c_bytes);
    _tile_loadd(3, lower + 16, c_bytes);
  } else {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  }
  for (; steps > 0; --steps, a += kStepBytes, b += kStepBytes) {
    if (kAsks) ask(b);
    _tile_loadd(6, b, kBRowBytes);
    _tile_loadd(4, a, kRowBytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(7, b + kRowBytes, kBRowBytes);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(5, a + kTileBytes, kRowBytes);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, c, c_bytes);
  _tile_stored(1, c + 16, c_bytes);
  _tile_stored(2, lower, c_bytes);
  _tile_stored(3, lower + 16, c_bytes);
}

/// At most 16 live rows.
template <bool kAsks>
void multiply_1x2(const char* a, const char* b, std::int64_t steps, float* c, std::int64_t stride,
                  bool add) {
  const std::int64_t c_bytes = stride * 4;
  if (add) {
    _tile_loadd(0, c, c_bytes);
    _tile_loadd(1, c + 16, c_bytes);
  } else {
    _tile_zero(0);
    _tile_zero(1);
  }
  for (; steps > 0; --steps, a += kStepBytes, b += kStepBytes) {
    if (kAsks) ask(b);
    _tile_loadd(4, a, kRowBytes);
    _tile_loadd(6, b, kBRowBytes);
    _tile_loadd(7, b + kRowBytes, kBRowBytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
  }
  _tile_stored(0, c, c_bytes);
  _tile_stored(1, c + 16, c_bytes);
}

template <bool kAsks>
void multiply(const void* a, const void* b, std::int64_t steps, int live_rows, float* c,
              std::int64_t stride, bool add) {
  const auto* left = static_cast<const char*>(a);
  const auto* right = static_cast<const char*>(b);
  if (live_rows > 16) {
    multiply_2x2<kAsks>(left, right, steps, c, stride, add);
  } else {
    multiply_1x2<kAsks>(left, right, steps, c, stride, add);
  }
}

}  // namespace

const Micro kAmxBf16Micro = {"amx",          32,    32, 32, 2, 2, 32, multiply<false>,
                             multiply<true>, begin, end};

}  // namespace pingjia::kernels
