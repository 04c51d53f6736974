#pragma once

#include <vector>

namespace pingjia::reports {

/// Something that costs and is worth something.
struct Offer {
  double price = 0;
  double quality = 0;
};

/// Which offers no other beats: none is as cheap and better, or cheaper and as good.
std::vector<bool> pareto_front(const std::vector<Offer>& offers);

}  // namespace pingjia::reports
