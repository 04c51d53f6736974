#include "adapters/engines/scoring_task.h"

#include <algorithm>

#include "adapters/engines/token_sampler.h"
#include "adapters/engines/worker_error.h"

namespace pingjia::adapters::engines {
namespace {

/// Moves spaces from the end of the prompt; they belong to the continuation's first token in most
/// vocabularies. Returns them.
std::string take_spaces(Prompt& prompt) {
  std::string& last = prompt.pieces.back().text;
  const std::size_t end = last.find_last_not_of(' ') + 1;
  if (end == 0) {
    return {};  // Nothing but spaces: there would be no prompt left.
  }
  std::string spaces = last.substr(end);
  last.resize(end);
  return spaces;
}

}  // namespace

ScoringTask::ScoringTask(const LlamaEngine& engine, const harness::Request& request, Prompt prompt,
                         std::int64_t received_ns)
    : WorkerTask(request.id, received_ns) {
  const std::string spaces = prompt.pieces.empty() ? "" : take_spaces(prompt);
  prompt_ = tokenize(engine, prompt);
  if (prompt_.empty()) {
    throw WorkerError("bad_request",
                      "the prompt is empty and the model has no token to begin with");
  }
  for (const std::string& text : request.continuations) {
    Continuation continuation = encode(engine, prompt, spaces + text, prompt_);
    continuation.bytes = static_cast<int>(text.size());
    if (continuation.tokens.size() <= continuation.first) {
      throw WorkerError("bad_request", "a continuation is empty");
    }
    if (static_cast<int>(continuation.tokens.size()) > engine.context()) {
      throw WorkerError("context_overflow", std::to_string(continuation.tokens.size()) +
                                                " tokens do not fit into " +
                                                std::to_string(engine.context()));
    }
    continuations_.push_back(std::move(continuation));
  }
  next();
}

ScoringTask::Continuation ScoringTask::encode(const LlamaEngine& engine, const Prompt& prompt,
                                              const std::string& text,
                                              const std::vector<int>& context) const {
  Prompt whole = prompt;
  whole.pieces.push_back(user_piece(engine, text));
  Continuation continuation{tokenize(engine, whole), context.size(), 0};
  if (continuation.tokens.size() <= context.size()) {
    // The continuation melted into the prompt's last token: score it on its own.
    const std::vector<int> alone = engine.tokenize(text, false, whole.pieces.back().trusted);
    continuation.tokens = context;
    continuation.tokens.insert(continuation.tokens.end(), alone.begin(), alone.end());
  }
  return continuation;
}

bool ScoringTask::knows_first_row(const Continuation& continuation) const {
  return !prompt_row_.empty() &&
         std::equal(prompt_.begin(), prompt_.end(), continuation.tokens.begin());
}

void ScoringTask::next() {
  while (!finished()) {
    const Continuation& continuation = continuations_[scores_.size()];
    const std::size_t count = continuation.tokens.size() - continuation.first;
    current_ = {0, static_cast<int>(count), continuation.bytes, true};
    const bool known = knows_first_row(continuation);
    if (known) {
      score(continuation.tokens[continuation.first], prompt_row_);
    }
    if (known && count == 1) {
      scores_.push_back(current_);
      continue;
    }
    // The last token is only looked up, never decoded.
    wanted_.assign(continuation.tokens.begin(), continuation.tokens.end() - 1);
    logits_from_ = continuation.first - (known ? 0 : 1);
    restarted_ = true;
    return;
  }
}

void ScoringTask::score(int token, std::span<const float> logits) {
  current_.loglikelihood += log_probability(logits, token);
  current_.greedy = current_.greedy && most_likely(logits) == token;
}

int ScoringTask::take(std::size_t position, std::span<const float> logits) {
  const Continuation& continuation = continuations_[scores_.size()];
  if (position + 1 == prompt_.size() &&
      std::equal(prompt_.begin(), prompt_.end(), continuation.tokens.begin())) {
    prompt_row_.assign(logits.begin(), logits.end());
  }
  score(continuation.tokens[position + 1], logits);
  if (position + 2 == continuation.tokens.size()) {
    scores_.push_back(current_);
    next();
  }
  return 0;
}

void ScoringTask::report(std::int64_t, const SendLine& send) {
  if (cancelled_) {
    send(done_line(id(), "cancelled", usage_, timings_));
  } else if (finished()) {
    send(scores_line(id(), scores_, usage_, timings_));
  }
}

}  // namespace pingjia::adapters::engines
