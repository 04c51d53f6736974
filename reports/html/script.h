#pragma once

#include <string>
#include <string_view>

namespace pingjia::reports {

/// The page's one script: the files of html/script/ in the order in which they need each other.
std::string page_script();

/// "sha256-…" of an inline script or style sheet, as a content security policy names it.
std::string policy_hash(std::string_view text);

/// `<script type="application/json" id="…">` with JSON that cannot end it early.
std::string data_block(std::string_view id, std::string_view json);

}  // namespace pingjia::reports
