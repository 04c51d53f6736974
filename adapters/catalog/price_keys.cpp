#include "adapters/catalog/price_keys.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/nearest.h"

namespace pingjia::adapters {

namespace {

// Letters that only one of the two has, as often as it has them: small for a misspelling, also for
// one that swaps letters.
int letters_apart(std::string_view a, std::string_view b) {
  int counts[256] = {};
  for (const char c : a) ++counts[static_cast<unsigned char>(c)];
  for (const char c : b) --counts[static_cast<unsigned char>(c)];
  int apart = 0;
  for (const int count : counts) apart += std::abs(count);
  return apart;
}

}  // namespace

std::optional<harness::Leaf> leaf_of_key(std::string_view key, std::span<const LeafKey> known) {
  for (const auto& one : known) {
    if (one.name == key) return one.leaf;
  }
  return std::nullopt;
}

void refuse_misspelt(const std::string& key, std::span<const LeafKey> known,
                     const std::string& where) {
  std::vector<std::string_view> names;
  for (const auto& one : known) names.push_back(one.name);
  const std::string meant = harness::nearest(key, names);
  constexpr int kMost = 2;
  if (meant.empty() || letters_apart(key, meant) > kMost) return;
  throw harness::Error(where, "unknown price key '" + key + "'", "did you mean '" + meant + "'?");
}

}  // namespace pingjia::adapters
