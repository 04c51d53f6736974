#pragma once

#include <memory>
#include <set>
#include <string>

#include "adapters/engines/chat_template.h"
#include "adapters/engines/line_channel.h"
#include "adapters/engines/llama_engine.h"
#include "adapters/engines/scheduler.h"
#include "adapters/engines/worker_protocol.h"

namespace pingjia::adapters::engines {

/// One conversation of the process protocol: reads lines, keeps the engine busy, writes lines. One
/// thread: input is looked at between two steps, so a step is never held up by it.
class LlamaWorker {
 public:
  explicit LlamaWorker(LineChannel& channel) : channel_(channel) {}

  /// Until the other side says shutdown or closes, and everything asked has been answered. Returns
  /// the exit code: 0, or 1 when loading failed.
  int run();

 private:
  void answer(const std::string& text);
  void load(const WorkerOptions& options);
  void begin(RequestLine line);
  std::string stats() const;
  bool working() const { return scheduler_ && scheduler_->busy(); }

  LineChannel& channel_;
  WorkerOptions options_;
  std::unique_ptr<LlamaEngine> engine_;
  std::unique_ptr<ChatTemplate> template_;
  std::unique_ptr<Scheduler> scheduler_;
  std::int64_t ready_ns_ = 0;
  std::int64_t idle_ns_ = 0;  ///< Waiting for requests, since ready.
  bool ending_ = false;
  int exit_code_ = 0;
};

}  // namespace pingjia::adapters::engines
