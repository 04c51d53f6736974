#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// RoPE of new tokens, one of each sequence, and the write of their keys and values into caches in
/// pages. All pointers are the device's, on 16 bytes; bf16 by its bits; tensors dense, row-major.
/// Element i of a head turns against i + width / 2, as layer_rows.h says.
struct RopeWriteCall {
  /// [tokens, query_heads + kv_heads + value_heads, width], as the qkv product leaves them.
  const std::uint16_t* heads = nullptr;
  const float* cosines = nullptr;  ///< [positions, width / 2]
  const float* sines = nullptr;
  const int* positions = nullptr;    ///< [tokens]: rows of the two, and places in the sequences.
  const int* pages = nullptr;        ///< [tokens, most_pages], as in attention/paged_decode_cuda.h.
  std::uint16_t* queries = nullptr;  ///< [tokens, query_heads, width]; not for no query heads.
  std::uint16_t* key_pages = nullptr;    ///< [pages, page_size, kv_heads, width]
  std::uint16_t* value_pages = nullptr;  ///< The same; not for no value heads.
  int tokens = 1;
  int query_heads = 0;
  int kv_heads = 1;
  int value_heads = 0;  ///< kv_heads, or 0: the cache keeps keys alone.
  int width = 16;       ///< A multiple of 16.
  int most_pages = 1;
  int page_size = 16;
};

/// Puts it on the stream, one pass. Throws std::invalid_argument for a shape it does not have.
void rope_write(const RopeWriteCall& call, Stream stream);

}  // namespace pingjia::kernels::cuda
