#pragma once

#include <string>
#include <string_view>

namespace pingjia::reports {

/// Appends the text as a JSON string with its quotes. The text is valid UTF-8. Escapes what
/// JavaScript's JSON.stringify escapes, in the same spelling: the page's search relies on it.
void append_json_string(std::string& out, std::string_view text);

}  // namespace pingjia::reports
