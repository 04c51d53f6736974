#pragma once

#include <string>
#include <string_view>

namespace pingjia::harness {

/// The answer without what the model thought aloud: blocks between <think> and </think> (also
/// thinking, thought, reasoning, any case) are cut out; without the opening tag everything before
/// the closing one is thought; without the closing tag everything after the opening one is.
std::string without_thinking(std::string_view answer);

/// Whether the text ends inside a block of thinking that is opened and never closed.
bool ends_thinking(std::string_view answer);

}  // namespace pingjia::harness
