#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pingjia::harness {

/// One turn of a conversation; `role` is system, user or assistant.
struct Message {
  std::string role;
  std::string content;
};

/// How answers are drawn.
struct Sampling {
  int max_tokens = 256;    ///< Output budget, reasoning included.
  double temperature = 0;  ///< 0 is greedy.
  double top_p = 1;        ///< Nucleus; 1 keeps everything.
  int top_k = 0;           ///< 0 keeps everything.
  std::uint64_t seed = 0;  ///< Of this request; best effort on servers.
  std::vector<std::string> stop;
};

/// What is asked of the model: text, or how likely given continuations are.
enum class Mode { kGenerate, kLoglikelihood };

/// One attempt at one sample, as an adapter sees it. It names no suite, gold answer or price.
struct Request {
  std::string id;  ///< Unique within a run.
  Mode mode = Mode::kGenerate;
  std::vector<Message> messages;
  /// kLoglikelihood only: each is scored as the assistant's next text after `messages`.
  std::vector<std::string> continuations;
  Sampling sampling;
  /// The whole answer must have come this long after it was sent (ns); 0 is no limit.
  std::int64_t timeout = 0;
};

}  // namespace pingjia::harness
