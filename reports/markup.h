#pragma once

#include <string>
#include <string_view>

namespace pingjia::reports {

/// Text as HTML or SVG content or as a double-quoted attribute. The text is valid UTF-8; what a
/// model wrote goes through `visible` first.
std::string escape(std::string_view text);

/// `escape(visible(text))`, breaks shown.
std::string shown(std::string_view text);

}  // namespace pingjia::reports
