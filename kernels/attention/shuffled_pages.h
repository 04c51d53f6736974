#pragma once

#include <numeric>
#include <vector>

#include "harness/base/rng.h"

namespace pingjia::kernels {

/// The numbers of `count` pages in no order, always the same one: where the pages of a cache lie.
inline std::vector<int> shuffled_pages(std::int64_t count) {
  std::vector<int> pages(static_cast<std::size_t>(count));
  std::iota(pages.begin(), pages.end(), 0);
  harness::Rng rng(1, "attention/pages");
  rng.shuffle(pages);
  return pages;
}

}  // namespace pingjia::kernels
