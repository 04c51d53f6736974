#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/process_protocol.h"
#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// One request on its way through a child, and the answer as far as it has come.
struct ProcessFlight {
  std::string line;                ///< What to write to the child; empty once written.
  std::vector<int> continuations;  ///< Bytes of each.
  harness::Sink* sink = nullptr;
  harness::Completion completion;
  std::optional<harness::TimerId> timeout;
  std::optional<harness::TimerId> cancel_timer;
  bool cancelled = false;
  std::int64_t tokens = 0;  ///< Sum over the deltas.
  std::int64_t reasoning_tokens = 0;
  bool counts_tokens = true;  ///< Every delta said how many tokens it holds.

  void add(const DeltaLine& delta, harness::Nanos at);
  void finish(const DoneLine& done, harness::Nanos at);
  void finish(const ScoresLine& scores, harness::Nanos at);
  void fail(harness::FailureClass kind, const std::string& message, harness::Nanos at);
};

}  // namespace pingjia::adapters
