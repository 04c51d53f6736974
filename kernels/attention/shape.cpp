#include "kernels/attention/shape.h"

#include <algorithm>

namespace pingjia::kernels {

std::int64_t AttentionShape::query_elements() const {
  return batch * query_length * query_heads * key_width;
}

std::int64_t AttentionShape::key_elements() const {
  return batch * key_length * kv_heads * key_width;
}

std::int64_t AttentionShape::value_elements() const {
  return batch * key_length * kv_heads * value_width;
}

std::int64_t AttentionShape::output_elements() const {
  return batch * query_length * query_heads * value_width;
}

std::int64_t AttentionShape::keys_seen(std::int64_t query) const {
  if (!causal) return key_length;
  return std::clamp<std::int64_t>(query + 1 + key_length - query_length, 0, key_length);
}

double AttentionShape::flops() const {
  const double longest = static_cast<double>(key_length);
  const double shortest = static_cast<double>(std::max<std::int64_t>(0, key_length - query_length));
  const double average = causal ? (shortest + longest) / 2 : longest;
  return 2 * average * static_cast<double>(batch * query_heads * query_length) *
         static_cast<double>(key_width + value_width);
}

double AttentionShape::minimum_bytes(int element_bytes) const {
  return static_cast<double>(element_bytes) *
         static_cast<double>(query_elements() + key_elements() + value_elements() +
                             output_elements());
}

}  // namespace pingjia::kernels
