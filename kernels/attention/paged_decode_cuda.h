#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// Attention of each sequence's newest tokens over a cache in pages: of one, or of as many as are
/// tried at once (speculative decoding, prediction of several tokens). All pointers are the
/// device's; bf16 by its bits; tensors dense and row-major:
///   q [batch, tokens, query_heads, width], out the same,
///   key_pages, value_pages [pages, page_size, kv_heads, width].
/// Query head h reads kv head h / (query_heads / kv_heads); token i sees the keys below
/// length - tokens + 1 + i.
struct PagedDecodeCall {
  const std::uint16_t* q = nullptr;
  const std::uint16_t* key_pages = nullptr;
  const std::uint16_t* value_pages = nullptr;
  std::uint16_t* out = nullptr;
  /// [batch, most_pages]: the pages of each sequence in order, in any order of the cache. Those
  /// past its length are not read.
  const int* pages = nullptr;
  const int* lengths = nullptr;  ///< [batch]: keys of each sequence, the new tokens' among them.
  /// [query_heads] or null: one more natural score in each softmax, without a value.
  const float* sinks = nullptr;
  float* scratch = nullptr;  ///< paged_decode_scratch() floats; not needed for one split.
  int batch = 1;
  int tokens = 1;  ///< Query tokens of each sequence.
  int most_pages = 1;
  int page_size = 16;  ///< A multiple of 16.
  int query_heads = 1;
  int kv_heads = 1;  ///< Divides query_heads. A block's keys serve 32 of its heads and tokens.
  int width = 128;   ///< 64 or 128.
  float scale = 1;
  int window = 0;  ///< A token sees the last so many of its keys only; 0 for all.
  int splits = 1;  ///< Blocks that share one sequence's keys.
};

/// Puts the attention, and for several splits what joins them, on the stream. A token that sees no
/// key gives zeros. Throws std::invalid_argument for a shape it does not have.
void paged_decode_attention(const PagedDecodeCall& call, Stream stream);

/// Floats of `scratch`: each split's result and the logarithm of its softmax's sum.
std::int64_t paged_decode_scratch(const PagedDecodeCall& call);

/// How many blocks share the rows of one kv head of a sequence, each of which reads all its keys.
int paged_decode_blocks(const PagedDecodeCall& call);

/// How many splits give each multiprocessor two blocks, with no split under 256 keys.
int decode_splits(int blocks_of_one_split, int longest, int multiprocessors);

}  // namespace pingjia::kernels::cuda
