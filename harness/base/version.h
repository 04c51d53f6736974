#pragma once

namespace pingjia::harness {

/// Of this program; the same as in CMakeLists.txt and CHANGELOG.md.
inline constexpr const char* kVersion = PINGJIA_VERSION;

}  // namespace pingjia::harness
