#pragma once

#include <string>
#include <string_view>

namespace pingjia::adapters {

/// Appends the text of a JSON string token (its quotes included) to `to`. Unlike a strict parser
/// it takes a lone UTF-16 surrogate, which becomes three bytes for `mend_surrogates` to join.
/// False when the token is not a JSON string otherwise.
bool unescape_leniently(std::string_view token, std::string& to);

/// Joins surrogate halves left by `unescape_leniently`; a lone one becomes U+FFFD.
void mend_surrogates(std::string& text);

}  // namespace pingjia::adapters
