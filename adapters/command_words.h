#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pingjia::adapters {

/// Splits a command as a POSIX shell would: blanks part words, single quotes keep everything,
/// double quotes keep all but \" and \\, a backslash keeps the next character. Nothing is expanded.
/// Throws Error naming `where` for an open quote or an empty command.
std::vector<std::string> command_words(std::string_view text, const std::string& where);

}  // namespace pingjia::adapters
