#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pingjia::harness {

/// "1.50", "-3", ".5", "2e-05" as digits without exponent ("1.50", "-3", "0.5", "0.00002"); nothing
/// for what is no decimal, or has an exponent beyond 30 either way.
std::optional<std::string> plain_decimal(std::string_view text);

}  // namespace pingjia::harness
