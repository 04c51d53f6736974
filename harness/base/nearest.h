#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pingjia::harness {

/// The candidate with the smallest edit distance to `name`, or empty when none is close enough
/// (more than a third of its letters differ) to be what the writer meant.
std::string nearest(std::string_view name, std::span<const std::string_view> candidates);

/// How to mend an unknown name: "did you mean 'x'?" or "known: a, b, c".
std::string suggest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace pingjia::harness
