#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/record/completion.h"

namespace pingjia::adapters {

/// Token counts and engine times of an OpenAI-like reply.
struct OpenAiUsage {
  harness::Usage usage;
  harness::ServerTimings timings;
  std::vector<std::string> notes;  ///< Sums that do not hold.
};

/// Turns the last `usage` object of a reply, and llama-server's `timings`, into disjoint leaves.
/// Either may be empty. Cached tokens are part of prompt_tokens and reasoning tokens part of
/// completion_tokens, unless the object's own total says otherwise (xAI leaves reasoning out).
OpenAiUsage read_openai_usage(std::string_view usage_json, std::string_view timings_json);

}  // namespace pingjia::adapters
