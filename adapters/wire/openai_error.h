#pragma once

#include <string>
#include <string_view>

#include "harness/record/completion.h"

namespace pingjia::adapters {

/// What the transport knows of a reply that an error may need.
struct ReplyHead {
  int status = 200;
  std::string retry_after;  ///< Seconds or an HTTP date, as it came.
  std::string retry_after_ms;
  std::string date;  ///< The server's own clock, to make a duration of a date.
  std::string location;
};

/// The failure that an error body of the OpenAI dialect, or of the many near it, speaks of: OpenAI,
/// Azure, DeepSeek, Groq, OpenRouter, DashScope, Ark, vLLM, SGLang, llama-server, TGI, FastAPI. A
/// body that is no JSON is the message itself. Used for HTTP errors and for errors inside a
/// stream of status 200 alike.
harness::Failure openai_failure(const ReplyHead& head, std::string_view body);

/// The wait a server asks for, in seconds.
std::optional<double> retry_after_seconds(const ReplyHead& head);

}  // namespace pingjia::adapters
