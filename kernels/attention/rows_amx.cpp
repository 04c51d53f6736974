#include <immintrin.h>

#include "kernels/attention/rows_isa.h"

namespace pingjia::kernels {

// Keys are the rows of A, which lie in memory as the tiles want them; the queries, packed once, are
// B. So a key is read once and by nothing else, and the products come out turned: a row for each
// key.
void amx_score_rows(const Bf16* queries, const RowsToPack& keys, std::int64_t key_stride,
                    std::int64_t width, int live, float* scores) {
  constexpr int kStep = 32 * 32, kQueryRowBytes = 128, kTileRowBytes = 64;
  const std::int64_t key_bytes = key_stride * 2;
  _tile_zero(0);
  _tile_zero(1);
  for (std::int64_t at = 0; at < width; at += 32, queries += kStep) {
    for (int i = 0; i < kPanelKeys; ++i) {
      _mm_prefetch(reinterpret_cast<const char*>(keys.ahead[i] + at), _MM_HINT_T1);
    }
    _tile_loadd(6, queries, kQueryRowBytes);
    _tile_loadd(4, keys.row[0] + at, key_bytes);
    _tile_loadd(5, keys.row[16] + at, key_bytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 5, 6);
  }
  alignas(64) float turned[2][16 * 16];
  _tile_stored(0, turned[0], kTileRowBytes);
  _tile_stored(1, turned[1], kTileRowBytes);
  const __m512i places =
      _mm512_mullo_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                         _mm512_set1_epi32(16));
  for (int i = 0; i < live; ++i) {
    _mm512_storeu_ps(scores + i * 32, _mm512_i32gather_ps(places, turned[0] + i, 4));
    _mm512_storeu_ps(scores + i * 32 + 16, _mm512_i32gather_ps(places, turned[1] + i, 4));
  }
}

}  // namespace pingjia::kernels
