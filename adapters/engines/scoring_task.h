#pragma once

#include "adapters/engines/chat_template.h"
#include "adapters/engines/llama_engine.h"
#include "adapters/engines/worker_task.h"

namespace pingjia::adapters::engines {

/// Finds how likely each of some continuations of a prompt is. Prompt and continuation are
/// tokenised together and cut after the prompt's own number of tokens (the rule of
/// lm-evaluation-harness), spaces at the prompt's end counting to the continuation. The prompt is
/// decoded once for all continuations.
class ScoringTask : public WorkerTask {
 public:
  /// Throws WorkerError (context_overflow, bad_request).
  ScoringTask(const LlamaEngine& engine, const harness::Request& request, Prompt prompt,
              std::int64_t received_ns);

  bool answering() const override { return false; }
  int take(std::size_t position, std::span<const float> logits) override;
  void report(std::int64_t t_ns, const SendLine& send) override;
  void cancel() override { cancelled_ = true; }
  bool finished() const override { return cancelled_ || scores_.size() == continuations_.size(); }

 private:
  struct Continuation {
    std::vector<int> tokens;  ///< Of prompt and continuation.
    std::size_t first = 0;    ///< Where the continuation's tokens begin.
    int bytes = 0;
  };

  Continuation encode(const LlamaEngine& engine, const Prompt& prompt, const std::string& text,
                      const std::vector<int>& context) const;
  void next();
  void score(int token, std::span<const float> logits);
  bool knows_first_row(const Continuation& continuation) const;

  std::vector<Continuation> continuations_;
  std::vector<int> prompt_;  ///< The prompt's tokens, whose last logits are kept once known.
  std::vector<float> prompt_row_;
  std::vector<harness::ContinuationScore> scores_;
  harness::ContinuationScore current_;
  bool cancelled_ = false;
};

}  // namespace pingjia::adapters::engines
