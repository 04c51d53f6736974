#pragma once

#include <string>
#include <string_view>

namespace pingjia::harness {

/// Base64 of RFC 4648, padded, without line breaks.
std::string base64(std::string_view bytes);

}  // namespace pingjia::harness
