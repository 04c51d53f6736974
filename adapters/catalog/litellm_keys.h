#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/money/leaf.h"

namespace pingjia::adapters {

/// What a price key of litellm's map says.
struct LitellmKey {
  harness::Leaf leaf = harness::Leaf::kInput;
  std::optional<std::int64_t> above;  ///< Context tokens.
  std::string service_tier;
  bool batch = false;
};

/// Nothing for a key that prices no leaf of ours.
std::optional<LitellmKey> litellm_key(std::string_view key);

/// Why a key with a price in it cannot be expressed, such as "price by the second"; empty for a key
/// that has no price in it. Throws Error naming `where` for a misspelt one.
std::string litellm_unexpressed(const std::string& key, const std::string& where);

}  // namespace pingjia::adapters
