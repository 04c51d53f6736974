#pragma once

#include <span>
#include <string_view>

namespace pingjia::reports {

/// A text of the interface in both languages. "{}" takes the next filled-in value, "{1}" the second
/// one.
struct Words {
  std::string_view english;
  std::string_view chinese;
};

/// Those of single sections; the others stand in words.cpp. (hardware_words.cpp, kernel_words.cpp)
std::span<const Words> hardware_words();
std::span<const Words> kernel_words();

}  // namespace pingjia::reports
