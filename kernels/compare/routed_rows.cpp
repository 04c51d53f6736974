#include "kernels/compare/routed_rows.h"

#include <algorithm>

namespace pingjia::kernels {

RoutedRows::RoutedRows(const MoeShape& shape, const Routing& routing)
    : firsts_(static_cast<std::size_t>(shape.experts + 1)),
      tokens_(static_cast<std::size_t>(shape.tokens * shape.top_k)),
      rows_(tokens_.size()) {
  for (std::size_t entry = 0; entry < rows_.size(); ++entry) {
    ++firsts_[index(routing.experts[entry]) + 1];
  }
  for (std::size_t expert = 0; expert + 1 < firsts_.size(); ++expert) {
    if (firsts_[expert + 1] > 0) active_.push_back(static_cast<std::int32_t>(expert));
    firsts_[expert + 1] += firsts_[expert];
  }
  std::vector<std::int64_t> next = firsts_;
  for (std::size_t entry = 0; entry < rows_.size(); ++entry) {
    rows_[entry] = next[index(routing.experts[entry])]++;
    tokens_[static_cast<std::size_t>(rows_[entry])] =
        static_cast<std::int64_t>(entry) / shape.top_k;
  }
  std::stable_sort(active_.begin(), active_.end(),
                   [&](std::int32_t a, std::int32_t b) { return count(a) > count(b); });
}

}  // namespace pingjia::kernels
