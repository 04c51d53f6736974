#include "harness/money/leaf.h"

#include <algorithm>

namespace pingjia::harness {

namespace {

constexpr std::array<std::string_view, kLeaves> kNames{
    "input",       "cache_read", "cache_write_5m", "cache_write_1h", "input_audio",
    "input_image", "output",     "reasoning",      "output_audio",   "output_image"};

}  // namespace

std::string_view leaf_name(Leaf leaf) {
  return kNames[static_cast<std::size_t>(leaf)];
}

std::span<const std::string_view> leaf_names() {
  return kNames;
}

std::optional<Leaf> leaf_of(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Leaf>(found - kNames.begin());
}

LeafCounts counts_of(const Usage& usage) {
  return {usage.input.value_or(0),          usage.cache_read.value_or(0),
          usage.cache_write_5m.value_or(0), usage.cache_write_1h.value_or(0),
          usage.input_audio.value_or(0),    usage.input_image.value_or(0),
          usage.output.value_or(0),         usage.reasoning.value_or(0),
          usage.output_audio.value_or(0),   usage.output_image.value_or(0)};
}

}  // namespace pingjia::harness
