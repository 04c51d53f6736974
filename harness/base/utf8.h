#pragma once

#include <string>
#include <string_view>

namespace pingjia::harness {

/// The text with every byte that is not part of well-formed UTF-8 (RFC 3629) replaced by U+FFFD,
/// one per maximal bad subpart. Models emit halves of code points; JSON must not.
std::string valid_utf8(std::string_view text);

/// Length of the longest prefix that does not end inside a code point.
std::size_t whole_code_points(std::string_view text);

}  // namespace pingjia::harness
