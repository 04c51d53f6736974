#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// Attention of a batch of sequences of different lengths, packed one behind the other. All
/// pointers are the device's; bf16 by its bits; tensors dense and row-major:
///   q [sum of query lengths, query_heads, key_width], k [sum of key lengths, kv_heads, key_width],
///   v [.., kv_heads, value_width], out [.., query_heads, value_width].
/// Query head h reads kv head h / (query_heads / kv_heads).
struct PrefillCall {
  const std::uint16_t* q = nullptr;
  const std::uint16_t* k = nullptr;
  const std::uint16_t* v = nullptr;
  std::uint16_t* out = nullptr;
  const int* query_starts = nullptr;  ///< [batch + 1]: where each sequence's queries begin.
  const int* key_starts = nullptr;    ///< [batch + 1], of its keys.
  /// [query_heads] or null: one more natural score in each softmax, without a value.
  const float* sinks = nullptr;
  int batch = 1;
  int longest_query = 1;  ///< At least the longest sequence's queries.
  /// Rows of q, and of k and v; only prefill_attention_hopper asks.
  int query_tokens = 0, key_tokens = 0;
  int query_heads = 1;
  int kv_heads = 1;  ///< Divides query_heads.
  /// (64, 64), (128, 128) or (192, 128).
  int key_width = 128, value_width = 128;
  float scale = 1;  ///< Of the dot products; 1 / sqrt(key_width) mostly.
  /// Query i of a sequence sees the keys up to i + keys - queries: its last query sees all.
  bool causal = false;
  /// Of the keys a query sees only this many, the last ones, itself among them; 0 for all. Only
  /// with `causal`.
  int window = 0;
};

/// Puts the attention on the stream. A query that sees no key gives zeros. Products of bf16 summed
/// in fp32, softmax in fp32, weights rounded to bf16. Throws std::invalid_argument for widths it
/// does not have.
void prefill_attention(const PrefillCall& call, Stream stream);

/// The same on sm_90a alone, by its copy engine and its warpgroups' products, for the same widths;
/// traps elsewhere. `query_tokens` and `key_tokens` are query_starts[batch] and key_starts[batch];
/// q, k and v begin on 16 bytes. Throws std::invalid_argument for widths it does not have, and
/// std::runtime_error without a driver that knows tensor maps.
void prefill_attention_hopper(const PrefillCall& call, Stream stream);

}  // namespace pingjia::kernels::cuda
