#pragma once

#include <string>

namespace pingjia::reports {

/// The page's one style sheet: light and dark, paper, phone.
std::string page_style();

}  // namespace pingjia::reports
