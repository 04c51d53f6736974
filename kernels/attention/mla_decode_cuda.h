#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// Multi-head latent attention of each sequence's newest tokens, in its absorbed form (DeepSeek-V2,
/// section 2.1): all heads read one cached vector per key, of 512 latent and 64 rotary elements,
/// and the values are its first 512. All pointers are the device's; bf16 by its bits; dense,
/// row-major:
///   q [batch, tokens, heads, 576], out [batch, tokens, heads, 512],
///   key_pages [pages, page_size, 576].
/// Token i sees the keys below length - tokens + 1 + i.
struct MlaDecodeCall {
  static constexpr int kKeyWidth = 576, kValueWidth = 512;

  const std::uint16_t* q = nullptr;
  const std::uint16_t* key_pages = nullptr;
  std::uint16_t* out = nullptr;
  /// [batch, most_pages]: the pages of each sequence in order. Those past its length are not read.
  const int* pages = nullptr;
  const int* lengths = nullptr;  ///< [batch]: keys of each sequence, the new tokens' among them.
  float* scratch = nullptr;      ///< mla_decode_scratch() floats; not needed for one split.
  int batch = 1;
  int tokens = 1;  ///< Query tokens of each sequence: as if there were so many times the heads.
  int most_pages = 1;
  int page_size = 64;
  int heads = 128;
  float scale = 1;  ///< 1 / sqrt(192) times what the rotary scaling adds, for DeepSeek's.
  int splits = 1;   ///< Blocks that share one sequence's keys.
  /// Of heads times tokens. 64 reads the cache half as often, and needs 158 KB of shared memory in
  /// a block (sm_80, sm_90, sm_100); 32 needs 78 KB.
  int heads_of_block = 32;
};

/// Puts the attention, and for several splits what joins them, on the stream. A token that sees no
/// key gives zeros. Throws std::invalid_argument for a shape it does not have.
void mla_decode_attention(const MlaDecodeCall& call, Stream stream);

/// Floats of `scratch`.
std::int64_t mla_decode_scratch(const MlaDecodeCall& call);

}  // namespace pingjia::kernels::cuda
