#pragma once

#include <string>
#include <string_view>

namespace pingjia::reports {

/// The bytes in the zlib format (RFC 1950), which a browser's DecompressionStream calls "deflate".
/// At zlib's fastest level: pages of 200,000 samples are written while a person waits.
std::string deflate(std::string_view bytes);

}  // namespace pingjia::reports
