#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/money/picodollars.h"
#include "harness/record/completion.h"

namespace pingjia::harness {

/// The disjoint kinds of token that a price can be for, as in Usage. Input leaves come first.
enum class Leaf {
  kInput,
  kCacheRead,
  kCacheWrite5m,
  kCacheWrite1h,
  kInputAudio,
  kInputImage,
  kOutput,
  kReasoning,
  kOutputAudio,
  kOutputImage
};
inline constexpr std::size_t kLeaves = 10;

/// The key in price files and usage lines: "input", "cache_read", "cache_write_5m", …
std::string_view leaf_name(Leaf leaf);
std::span<const std::string_view> leaf_names();
std::optional<Leaf> leaf_of(std::string_view name);

constexpr bool is_input(Leaf leaf) {
  return leaf < Leaf::kOutput;
}

/// What a token of each leaf costs; nothing where it is unknown.
using LeafPrices = std::array<std::optional<Picodollars>, kLeaves>;

/// Tokens of each leaf, not negative.
using LeafCounts = std::array<std::int64_t, kLeaves>;

/// A leaf that the usage does not have counts no tokens.
LeafCounts counts_of(const Usage& usage);

}  // namespace pingjia::harness
