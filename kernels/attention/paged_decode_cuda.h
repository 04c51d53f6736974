#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// Attention of one new token per sequence over a cache in pages. All pointers are the device's;
/// bf16 by its bits; tensors dense and row-major:
///   q [batch, query_heads, width], out the same,
///   key_pages, value_pages [pages, page_size, kv_heads, width].
/// Query head h reads kv head h / (query_heads / kv_heads).
struct PagedDecodeCall {
  const std::uint16_t* q = nullptr;
  const std::uint16_t* key_pages = nullptr;
  const std::uint16_t* value_pages = nullptr;
  std::uint16_t* out = nullptr;
  /// [batch, most_pages]: the pages of each sequence in order, in any order of the cache. Those
  /// past its length are not read.
  const int* pages = nullptr;
  const int* lengths = nullptr;  ///< [batch]: keys of each sequence, the new token's among them.
  /// [query_heads] or null: one more natural score in each softmax, without a value.
  const float* sinks = nullptr;
  float* scratch = nullptr;  ///< paged_decode_scratch() floats; not needed for one split.
  int batch = 1;
  int most_pages = 1;
  int page_size = 16;  ///< A multiple of 16.
  int query_heads = 1;
  int kv_heads = 1;  ///< query_heads / kv_heads is whole and at most 16.
  int width = 128;   ///< 64 or 128.
  float scale = 1;
  int window = 0;  ///< Only the last so many keys are seen; 0 for all.
  int splits = 1;  ///< Blocks that share one sequence's keys.
};

/// Puts the attention, and for several splits what joins them, on the stream. A sequence without
/// keys gives zeros. Throws std::invalid_argument for a shape it does not have.
void paged_decode_attention(const PagedDecodeCall& call, Stream stream);

/// Floats of `scratch`: each split's result and the logarithm of its softmax's sum.
std::int64_t paged_decode_scratch(const PagedDecodeCall& call);

/// How many splits give each multiprocessor two blocks, with no split under 256 keys.
int decode_splits(int blocks_of_one_split, int longest, int multiprocessors);

}  // namespace pingjia::kernels::cuda
