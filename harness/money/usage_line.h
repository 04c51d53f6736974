#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/money/leaf.h"
#include "harness/money/tariff.h"

namespace pingjia::harness {

/// One line of `pingjia prices cost`: {"id": …, "usage": {LEAF: tokens, …}}, and where it differs
/// from the rest also "at", "service_tier", "batch" and "region".
struct UsageLine {
  std::string id;  ///< As JSON: a text or a number.
  LeafCounts counts{};
  bool counted = false;  ///< Whether the usage has any leaf; else it is unknown.
  std::optional<UnixSeconds> at;
  std::optional<std::string> service_tier;
  std::optional<bool> batch;
  std::optional<std::string> region;
};

/// Throws Error naming `where` for wrong JSON, unknown or repeated keys, and counts that are
/// negative, no whole numbers, or more than 2^63 - 1 in all.
UsageLine parse_usage_line(std::string_view text, const std::string& where);

}  // namespace pingjia::harness
