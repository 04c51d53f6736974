#include <immintrin.h>

#include "kernels/attention/rows_isa.h"
#include "kernels/attention/rows_simd.h"
#include "kernels/processor/lanes_avx2.h"

namespace pingjia::kernels {
namespace {

/// A row of up to 16 elements, zeros after them.
__m256i load_some(const Bf16* from, std::int64_t count) {
  if (count >= 16) return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
  Bf16 some[16] = {};
  for (std::int64_t i = 0; i < count; ++i) some[i] = from[i];
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(some));
}

void ask(const Bf16* line) {
  _mm_prefetch(reinterpret_cast<const char*>(line), _MM_HINT_T1);
}

/// 8 rows of 8 pairs become 8 columns.
void transpose_pairs(__m256i* rows) {
  __m256i half[8];
  for (int i = 0; i < 8; i += 2) {
    half[i] = _mm256_unpacklo_epi32(rows[i], rows[i + 1]);
    half[i + 1] = _mm256_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    rows[i] = _mm256_unpacklo_epi64(half[i], half[i + 2]);
    rows[i + 1] = _mm256_unpackhi_epi64(half[i], half[i + 2]);
    rows[i + 2] = _mm256_unpacklo_epi64(half[i + 1], half[i + 3]);
    rows[i + 3] = _mm256_unpackhi_epi64(half[i + 1], half[i + 3]);
  }
  for (int i = 0; i < 4; ++i) {
    half[i] = _mm256_permute2x128_si256(rows[i], rows[i + 4], 0x20);
    half[i + 4] = _mm256_permute2x128_si256(rows[i], rows[i + 4], 0x31);
  }
  for (int i = 0; i < 8; ++i) rows[i] = half[i];
}

void pack_keys(const RowsToPack& keys, std::int64_t width, Bf16* panel) {
  const std::int64_t padded = (width + kPanelKeys - 1) / kPanelKeys * kPanelKeys;
  for (std::int64_t at = 0; at < padded; at += 16, panel += 16 * kPanelKeys) {
    for (int eighth = 0; eighth < kPanelKeys; eighth += 8) {
      __m256i rows[8];
      for (int i = 0; i < 8; ++i) {
        const int key = eighth + i;
        if (at % 32 == 0) ask(keys.ahead[key] + at);
        rows[i] = key < keys.count && at < width ? load_some(keys.row[key] + at, width - at)
                                                 : _mm256_setzero_si256();
      }
      transpose_pairs(rows);
      for (int i = 0; i < 8; ++i) {
        auto* to = reinterpret_cast<__m256i*>(panel + (i * kPanelKeys + eighth) * 2);
        _mm256_storeu_si256(to, rows[i]);
      }
    }
  }
}

void pack_values(const RowsToPack& values, std::int64_t width, Bf16* panel,
                 std::int64_t panel_stride) {
  const __m256i zero = _mm256_setzero_si256();
  const std::int64_t padded = (width + kPanelKeys - 1) / kPanelKeys * kPanelKeys;
  for (int key = 0; key < kPanelKeys; key += 2) {
    for (std::int64_t at = 0; at < padded; at += 16) {
      const bool live = at < width;
      if (at % 32 == 0) {
        ask(values.ahead[key] + at);
        ask(values.ahead[key + 1] + at);
      }
      const __m256i one =
          live && key < values.count ? load_some(values.row[key] + at, width - at) : zero;
      const __m256i two =
          live && key + 1 < values.count ? load_some(values.row[key + 1] + at, width - at) : zero;
      const __m256i low = _mm256_unpacklo_epi16(one, two);
      const __m256i high = _mm256_unpackhi_epi16(one, two);
      Bf16* to =
          panel + at / kPanelKeys * panel_stride + (key / 2 * kPanelKeys + at % kPanelKeys) * 2;
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                          _mm256_permute2x128_si256(low, high, 0x20));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + 16),
                          _mm256_permute2x128_si256(low, high, 0x31));
    }
  }
}

}  // namespace

const AttentionRows kAvx2Rows = {pack_keys, pack_values, softmax_rows<Eight>, nullptr};

}  // namespace pingjia::kernels
