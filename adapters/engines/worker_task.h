#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "adapters/engines/worker_protocol.h"

namespace pingjia::adapters::engines {

/// Where a task's lines go.
using SendLine = std::function<void(const std::string&)>;

/// One request that the engine works on. It wants certain tokens in the cache of its sequence; the
/// scheduler puts them there, a part at a time, and hands it the logits it asked for.
class WorkerTask {
 public:
  WorkerTask(std::string id, std::int64_t received_ns)
      : id_(std::move(id)), received_ns_(received_ns) {}
  virtual ~WorkerTask() = default;

  const std::string& id() const { return id_; }
  std::int64_t received_ns() const { return received_ns_; }

  /// The whole sequence, from its beginning, that must be in the cache next.
  const std::vector<int>& wanted() const { return wanted_; }
  /// Logits are wanted after every token from this position on.
  std::size_t logits_from() const { return logits_from_; }
  /// What is to be decoded next was drawn from logits: one token of an answer.
  virtual bool answering() const = 0;
  /// The logits after the token at `position`. Returns how many tokens were drawn from them.
  virtual int take(std::size_t position, std::span<const float> logits) = 0;
  /// Called at the end of a step, `t_ns`: sends what may be sent.
  virtual void report(std::int64_t t_ns, const SendLine& send) = 0;
  /// Ends it early; `report` must still be called.
  virtual void cancel() = 0;
  virtual bool finished() const = 0;

  /// Whether `wanted` is no longer a longer version of what it was. Asking resets it.
  bool take_restarted() {
    const bool restarted = restarted_;
    restarted_ = false;
    return restarted;
  }

  RequestUsage& usage() { return usage_; }
  RequestTimings& timings() { return timings_; }

 protected:
  std::vector<int> wanted_;
  std::size_t logits_from_ = 0;
  bool restarted_ = false;
  RequestUsage usage_;
  RequestTimings timings_;

 private:
  std::string id_;
  std::int64_t received_ns_;
};

}  // namespace pingjia::adapters::engines
