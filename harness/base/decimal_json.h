#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace pingjia::harness {

/// JSON in which a number with a point or an exponent stays the text it was written as, so that a
/// price never passes through a binary float; whole numbers are numbers. Throws Error naming
/// `where` for wrong syntax, a key given twice, or nesting deeper than 100.
nlohmann::json parse_decimal_json(std::string_view text, const std::string& where);

}  // namespace pingjia::harness
