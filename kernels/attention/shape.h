#pragma once

#include <cstdint>

namespace pingjia::kernels {

/// One attention call. All tensors are dense and row-major:
/// q [batch, query_length, query_heads, key_width], k [batch, key_length, kv_heads, key_width],
/// v [batch, key_length, kv_heads, value_width], out [batch, query_length, query_heads,
/// value_width]. Query head h reads kv head h / (query_heads / kv_heads).
struct AttentionShape {
  std::int64_t batch = 1;
  std::int64_t query_length = 1;
  std::int64_t key_length = 1;
  std::int64_t query_heads = 1;
  std::int64_t kv_heads = 1;  ///< Divides query_heads.
  std::int64_t key_width = 1;
  std::int64_t value_width = 1;
  /// Query i sees the keys up to i + key_length - query_length: the last query sees all of them
  /// (aligned at the bottom right, as a chunk of prefill after a cached prefix needs it).
  bool causal = false;
  /// Above 0: a query sees the newest so many keys only.
  std::int64_t window = 0;
  /// Latent attention: the values are the first value_width elements of the keys; there is no v.
  bool values_in_keys = false;
  /// Scores are divided by the root of this; 0: of key_width. Latent attention's keys are wider
  /// than those they stand for.
  std::int64_t scale_width = 0;

  std::int64_t query_elements() const;
  std::int64_t key_elements() const;
  std::int64_t value_elements() const;
  std::int64_t output_elements() const;

  /// Keys seen by one query without a window, counted from the first; 0 when it stands before all
  /// of them.
  std::int64_t keys_seen(std::int64_t query) const;

  /// What scores are multiplied by.
  double scale() const;

  /// 2 * batch * query_heads * query_length * average * (key_width + value_width), the two
  /// matrix products; softmax is not counted. The average number of keys is key_length, and for a
  /// causal mask (max(0, key_length - query_length) + key_length) / 2: the convention of
  /// FlashAttention's benchmarks, half a key under the exact mean. With a window, the exact mean.
  double flops() const;

  /// Least traffic to memory: every tensor moved once, `element_bytes` per element; of keys and
  /// values those that some query sees.
  double minimum_bytes(int element_bytes) const;
};

}  // namespace pingjia::kernels
