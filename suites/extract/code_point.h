#pragma once

#include <cstdint>
#include <string_view>

namespace pingjia::suites {

/// The code point at byte `at` of a UTF-8 text, which moves behind it; U+FFFD for bytes that are
/// none. `at` is within the text.
std::int32_t next_code_point(std::string_view text, std::int64_t& at);

}  // namespace pingjia::suites
