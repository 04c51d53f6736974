#include "reports/svg/pareto.h"

#include <algorithm>

namespace pingjia::reports {

namespace {

bool beats(const Offer& a, const Offer& b) {
  return a.price <= b.price && a.quality >= b.quality &&
         (a.price < b.price || a.quality > b.quality);
}

}  // namespace

std::vector<bool> pareto_front(const std::vector<Offer>& offers) {
  std::vector<bool> front;
  for (const auto& offer : offers) {
    front.push_back(std::none_of(offers.begin(), offers.end(),
                                 [&](const Offer& other) { return beats(other, offer); }));
  }
  return front;
}

}  // namespace pingjia::reports
