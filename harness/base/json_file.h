#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "harness/base/fields.h"

namespace pingjia::harness {

/// Reads a JSON file in which `//` and `/* */` comments are allowed. Throws Error naming the file,
/// line and column (in characters) for a missing or unreadable file, wrong syntax, text that is
/// not UTF-8, a key given twice in one object, or nesting deeper than 100.
nlohmann::json read_json_file(const std::filesystem::path& file);

/// The same of a text; `where` names it in errors.
nlohmann::json parse_json(std::string_view text, const std::string& where);

}  // namespace pingjia::harness
