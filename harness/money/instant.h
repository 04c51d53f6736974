#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pingjia::harness {

/// Seconds since 1970-01-01 UTC.
using UnixSeconds = std::int64_t;

/// "2025-02-08" (midnight UTC), or "2025-02-08T16:00:00Z" with a zone: Z or an offset such as
/// +08:00. Seconds may be left out; their fraction is cut off. Throws Error naming `where`
/// otherwise.
UnixSeconds parse_instant(std::string_view text, const std::string& where);

/// The shortest text that `parse_instant` reads back.
std::string instant_text(UnixSeconds at);

}  // namespace pingjia::harness
