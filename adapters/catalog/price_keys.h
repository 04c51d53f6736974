#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pingjia::adapters {

/// Throws Error naming `where` when `key`, which is none of `known`, is one of them misspelt by a
/// letter or two: its price would be lost without a word.
void refuse_misspelt(const std::string& key, std::span<const std::string_view> known,
                     const std::string& where);

}  // namespace pingjia::adapters
