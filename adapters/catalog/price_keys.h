#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/money/leaf.h"

namespace pingjia::adapters {

/// How a foreign catalogue spells the price of a leaf.
struct LeafKey {
  std::string_view name;
  harness::Leaf leaf;
};

/// The leaf that `key` prices; nothing for another key.
std::optional<harness::Leaf> leaf_of_key(std::string_view key, std::span<const LeafKey> known);

/// Throws Error naming `where` when `key`, which is none of `known`, is one of them misspelt by a
/// letter or two: its price would be lost without a word.
void refuse_misspelt(const std::string& key, std::span<const LeafKey> known,
                     const std::string& where);

}  // namespace pingjia::adapters
