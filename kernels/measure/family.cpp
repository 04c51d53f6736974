#include "kernels/measure/family.h"

#include <algorithm>
#include <utility>

namespace pingjia::kernels {
namespace {

// A function's variable, because the files that add to it are initialised in no known order.
std::vector<Family>& added() {
  static std::vector<Family> families;
  return families;
}

}  // namespace

bool add_family(Family family) {
  added().push_back(std::move(family));
  return true;
}

std::vector<Family> families() {
  std::vector<Family> sorted = added();
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Family& a, const Family& b) { return a.op < b.op; });
  return sorted;
}

}  // namespace pingjia::kernels
