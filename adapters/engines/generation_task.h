#pragma once

#include "adapters/engines/held_text.h"
#include "adapters/engines/llama_engine.h"
#include "adapters/engines/token_sampler.h"
#include "adapters/engines/worker_task.h"

namespace pingjia::adapters::engines {

/// Writes one answer, token by token.
class GenerationTask : public WorkerTask {
 public:
  /// `prompt` is not empty and leaves room for one token. The answer ends with "length" after the
  /// request's budget, or when the context is full.
  GenerationTask(const LlamaEngine& engine, const harness::Request& request,
                 std::vector<int> prompt, std::vector<std::string> stops, std::int64_t received_ns);

  bool answering() const override { return usage_.output > 0; }
  int take(std::size_t position, std::span<const float> logits) override;
  void report(std::int64_t t_ns, const SendLine& send) override;
  void cancel() override;
  bool finished() const override { return !finish_.empty(); }

 private:
  const LlamaEngine& engine_;
  TokenSampler sampler_;
  HeldText text_;
  std::int64_t most_;
  std::string shown_;   ///< Text to send with the next report.
  int unreported_ = 0;  ///< Tokens drawn since the last delta.
  std::string finish_;  ///< Empty while it goes on.
};

}  // namespace pingjia::adapters::engines
