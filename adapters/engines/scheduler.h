#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/engines/llama_engine.h"
#include "adapters/engines/sequence_cache.h"
#include "adapters/engines/step_ledger.h"
#include "adapters/engines/worker_task.h"

namespace pingjia::adapters::engines {

/// Continuous batching: tasks join and leave between steps. Each turn reads one batch of prompt
/// tokens, oldest request first, then draws one token for every answer that is being written. The
/// two are separate steps so that each step's time is of one kind, and a long prompt delays answers
/// by one batch at most.
class Scheduler {
 public:
  /// `now` is CLOCK_MONOTONIC in nanoseconds.
  Scheduler(LlamaEngine& engine, bool reuse_prefix, std::function<std::int64_t()> now,
            SendLine send);
  ~Scheduler();

  void submit(std::unique_ptr<WorkerTask> task);
  /// Ends a request early; unknown ids are ignored, they have been answered.
  void cancel(const std::string& id);
  bool has(const std::string& id) const;

  bool busy() const { return !queue_.empty() || !running_.empty(); }
  void turn();

  const StepLedger& ledger() const { return ledger_; }
  std::int64_t answered() const { return answered_; }

 private:
  struct Running;
  /// The next `count` tokens that a running task wants decoded.
  struct Part {
    Running* running;
    std::size_t count;
  };

  void admit();
  void start(std::unique_ptr<WorkerTask> task);
  void await_donor(Running& running);
  bool donor_reads(const Running& running) const;
  int best_donor(const std::vector<int>& wanted, int except, std::size_t& shared) const;
  void take_cached(Running& running);
  std::vector<Part> prompt_parts();
  std::vector<Part> answer_parts();
  void run(const std::vector<Part>& parts, bool prefill);
  int hand_out(const std::vector<Part>& parts);
  void account(const std::vector<Part>& parts, bool prefill, int drawn, std::int64_t start);
  void fail(const std::vector<Part>& parts, const std::string& kind, const std::string& message);
  void release_finished();

  LlamaEngine& engine_;
  SequenceCache cache_;
  bool reuse_;
  std::function<std::int64_t()> now_;
  SendLine send_;
  StepLedger ledger_;
  std::int64_t answered_ = 0;
  std::deque<std::unique_ptr<WorkerTask>> queue_;
  std::vector<std::unique_ptr<Running>> running_;  ///< In the order of their admission.
  std::vector<int> free_;
  Batch batch_;
};

}  // namespace pingjia::adapters::engines
