#include "kernels/attention/shape.h"

#include <algorithm>
#include <cmath>

namespace pingjia::kernels {

std::int64_t AttentionShape::query_elements() const {
  return batch * query_length * query_heads * key_width;
}

std::int64_t AttentionShape::key_elements() const {
  return batch * key_length * kv_heads * key_width;
}

std::int64_t AttentionShape::value_elements() const {
  return values_in_keys ? 0 : batch * key_length * kv_heads * value_width;
}

std::int64_t AttentionShape::output_elements() const {
  return batch * query_length * query_heads * value_width;
}

std::int64_t AttentionShape::keys_seen(std::int64_t query) const {
  if (!causal) return key_length;
  return std::clamp<std::int64_t>(query + 1 + key_length - query_length, 0, key_length);
}

double AttentionShape::scale() const {
  return 1 / std::sqrt(static_cast<double>(scale_width > 0 ? scale_width : key_width));
}

double AttentionShape::flops() const {
  const double longest = static_cast<double>(key_length);
  const double shortest = static_cast<double>(std::max<std::int64_t>(0, key_length - query_length));
  double average = causal ? (shortest + longest) / 2 : longest;
  if (window > 0) {
    double seen = 0;
    for (std::int64_t query = 0; query < query_length; ++query) {
      seen += static_cast<double>(std::min(window, keys_seen(query)));
    }
    average = seen / static_cast<double>(query_length);
  }
  return 2 * average * static_cast<double>(batch * query_heads * query_length) *
         static_cast<double>(key_width + value_width);
}

double AttentionShape::minimum_bytes(int element_bytes) const {
  const double caches = static_cast<double>(key_elements() + value_elements());
  const std::int64_t newest =
      window > 0 ? std::min(key_length, window + query_length - 1) : key_length;
  const double seen = static_cast<double>(newest) / static_cast<double>(key_length);
  return static_cast<double>(element_bytes) *
         (static_cast<double>(query_elements() + output_elements()) + caches * seen);
}

}  // namespace pingjia::kernels
