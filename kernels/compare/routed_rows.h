#pragma once

#include <cstdint>
#include <vector>

#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// The entries of a routing in the order of their experts: what an expert multiplies is rows that
/// stand together.
class RoutedRows {
 public:
  RoutedRows(const MoeShape& shape, const Routing& routing);

  /// Experts that some token meets, those with the most tokens first.
  const std::vector<std::int32_t>& active() const { return active_; }
  std::int64_t largest() const { return active_.empty() ? 0 : count(active_.front()); }

  /// Rows [first, first + count) are this expert's.
  std::int64_t first(std::int32_t expert) const { return firsts_[index(expert)]; }
  std::int64_t count(std::int32_t expert) const {
    return firsts_[index(expert) + 1] - firsts_[index(expert)];
  }
  std::int64_t token(std::int64_t row) const { return tokens_[static_cast<std::size_t>(row)]; }
  std::int64_t row_of(std::int64_t entry) const { return rows_[static_cast<std::size_t>(entry)]; }

 private:
  static std::size_t index(std::int32_t expert) { return static_cast<std::size_t>(expert); }

  std::vector<std::int64_t> firsts_, tokens_, rows_;
  std::vector<std::int32_t> active_;
};

}  // namespace pingjia::kernels
