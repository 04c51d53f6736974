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

// Those with a file of their own; the others stand in words.cpp.

/// Titles of axes and other words inside of charts. (svg/chart_words.cpp)
std::span<const Words> chart_words();
/// Of the sections on price, accuracy and comparison. (html/quality_words.cpp)
std::span<const Words> quality_words();
/// Of the section on hardware. (html/hardware_words.cpp)
std::span<const Words> hardware_words();
/// Of the section on kernels. (html/kernel_words.cpp)
std::span<const Words> kernel_words();

}  // namespace pingjia::reports
