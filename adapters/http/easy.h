#pragma once

#include <string>
#include <string_view>

#include "adapters/http/client.h"

namespace pingjia::adapters {

/// Maps a CURLcode to how the request ended; `answered` says whether any byte of a reply came.
HttpEnd end_of(int code, bool answered);

/// Takes what the client keeps from one header line; a status line starts afresh, so that a reply
/// after an interim one (100, 103) counts.
void take_header(std::string_view line, HttpReply& reply);

}  // namespace pingjia::adapters
