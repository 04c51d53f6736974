#include <immintrin.h>

#include "kernels/attention/rows_isa.h"
#include "kernels/attention/rows_simd.h"
#include "kernels/processor/lanes_avx512.h"

namespace pingjia::kernels {
namespace {

/// A row of up to 32 elements, zeros after them.
__m512i load_some(const Bf16* from, std::int64_t count) {
  if (count >= 32) return _mm512_loadu_si512(from);
  return _mm512_maskz_loadu_epi16((1U << count) - 1, from);
}

void ask(const Bf16* line) {
  _mm_prefetch(reinterpret_cast<const char*>(line), _MM_HINT_T1);
}

/// 16 rows of 16 pairs become 16 columns: four rounds, each exchanging halves of twice the size.
void transpose_pairs(__m512i* rows) {
  __m512i half[16];
  for (int i = 0; i < 16; i += 2) {
    half[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    half[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    rows[i] = _mm512_unpacklo_epi64(half[i], half[i + 2]);
    rows[i + 1] = _mm512_unpackhi_epi64(half[i], half[i + 2]);
    rows[i + 2] = _mm512_unpacklo_epi64(half[i + 1], half[i + 3]);
    rows[i + 3] = _mm512_unpackhi_epi64(half[i + 1], half[i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    half[i] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0x88);
    half[i + 4] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0xdd);
    half[i + 8] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0x88);
    half[i + 12] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0xdd);
  }
  for (int i = 0; i < 4; ++i) {
    rows[i] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0x88);
    rows[i + 4] = _mm512_shuffle_i32x4(half[i + 4], half[i + 12], 0x88);
    rows[i + 8] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0xdd);
    rows[i + 12] = _mm512_shuffle_i32x4(half[i + 4], half[i + 12], 0xdd);
  }
}

void pack_keys(const RowsToPack& keys, std::int64_t width, Bf16* panel) {
  for (std::int64_t at = 0; at < width; at += 32, panel += 32 * kPanelKeys) {
    for (int half = 0; half < 2; ++half) {
      __m512i rows[16];
      for (int i = 0; i < 16; ++i) {
        const int key = half * 16 + i;
        ask(keys.ahead[key] + at);
        rows[i] =
            key < keys.count ? load_some(keys.row[key] + at, width - at) : _mm512_setzero_si512();
      }
      transpose_pairs(rows);
      for (int i = 0; i < 16; ++i) {
        _mm512_storeu_si512(panel + (i * kPanelKeys + half * 16) * 2, rows[i]);
      }
    }
  }
}

void pack_values(const RowsToPack& values, std::int64_t width, Bf16* panel,
                 std::int64_t panel_stride) {
  // Element i of the first row, element i of the second: 16 pairs from the lower halves, then 16
  // from the upper ones. Indices from 32 on name the second row.
  alignas(64) unsigned short lower[32], upper[32];
  for (unsigned short i = 0; i < 32; ++i) {
    lower[i] = static_cast<unsigned short>(i / 2 + i % 2 * 32);
    upper[i] = static_cast<unsigned short>(lower[i] + 16);
  }
  const __m512i first_half = _mm512_load_si512(lower);
  const __m512i second_half = _mm512_load_si512(upper);
  for (int key = 0; key < kPanelKeys; key += 2) {
    Bf16* to = panel + key * kPanelKeys;
    for (std::int64_t at = 0; at < width; at += 32, to += panel_stride) {
      ask(values.ahead[key] + at);
      ask(values.ahead[key + 1] + at);
      const __m512i zero = _mm512_setzero_si512();
      const __m512i one = key < values.count ? load_some(values.row[key] + at, width - at) : zero;
      const __m512i two =
          key + 1 < values.count ? load_some(values.row[key + 1] + at, width - at) : zero;
      _mm512_storeu_si512(to, _mm512_permutex2var_epi16(one, first_half, two));
      _mm512_storeu_si512(to + 32, _mm512_permutex2var_epi16(one, second_half, two));
    }
  }
}

}  // namespace

const AttentionRows kAvx512Rows = {pack_keys, pack_values, softmax_rows<Sixteen>, nullptr};

}  // namespace pingjia::kernels
