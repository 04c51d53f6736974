#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace pingjia::adapters {

/// The names and patterns ('*' any text, '#' one digit) that a match rule of genai-prices stands
/// for. `lost` counts what no pattern can say. Throws Error naming `where` for an unknown rule.
std::vector<std::string> genai_patterns(const nlohmann::json& match, std::size_t& lost,
                                        const std::string& where);

}  // namespace pingjia::adapters
