#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Row "echo": the null model, which answers by the loop's clock without computing anything. It
/// shows what the harness itself costs, and lets a run file be tried for nothing. Its options:
///   text         "{question}" (default) is the last user message; anything else is fixed
///   tokens       pieces the text comes in; default: its words
///   delay_ms     until the first piece, 0; interval_ms  between pieces, 0
///   choose       which continuation is the most likely one (-1 nat; the others -2), 0
///   fail_every   each N-th request fails, 0 never; fail_class  its class, "overloaded"
/// A piece counts as a token, and so does a word of the input. max_tokens and stop are obeyed.
std::unique_ptr<harness::Adapter> make_echo(const nlohmann::json& options,
                                            const harness::AdapterContext& context);

}  // namespace pingjia::adapters
