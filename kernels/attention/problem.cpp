#include "kernels/attention/problem.h"

#include <algorithm>

namespace pingjia::kernels {

std::int64_t AttentionProblem::first_seen(std::int64_t row) const {
  if (window <= 0) return 0;
  const std::int64_t newest = row / group + key_length - query_length;
  return std::clamp<std::int64_t>(newest + 1 - window, 0, key_length);
}

std::int64_t AttentionProblem::last_seen(std::int64_t row) const {
  if (!causal) return key_length;
  return std::clamp<std::int64_t>(row / group + 1 + key_length - query_length, 0, key_length);
}

}  // namespace pingjia::kernels
