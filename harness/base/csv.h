#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pingjia::harness {

/// The rows of comma-separated text (RFC 4180): cells in double quotes may hold commas, line ends
/// and doubled quotes; lines end in LF, CRLF or CR; a byte order mark is passed over, and so are
/// empty lines. Throws Error naming `where` and the line for a quote that is never closed, text
/// behind a closed quote, or a row with another number of cells than the first.
std::vector<std::vector<std::string>> parse_csv(std::string_view text, const std::string& where);

}  // namespace pingjia::harness
