#pragma once

#include "harness/base/loop.h"
#include "harness/drive/adapter.h"
#include "harness/drive/plan.h"
#include "harness/record/record.h"

namespace pingjia::harness {

/// Whether to go on: send more; let what is in flight finish; or cancel it.
enum class Proceed { kGo, kDrain, kCancel };

/// Sees each attempt as it ends, and may stop the drive.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void recorded(const Record& record) = 0;
  /// Asked once per turn.
  virtual Proceed proceed() = 0;
};

struct DriveOptions {
  int retries = 0;  ///< Further attempts after a retryable failure without content.
  int session = 0;
  std::uint64_t seed = 1;  ///< Of the retries' jitter.
};

/// Runs a plan to its end: the only hot path. Each attempt is given to `observer` exactly once,
/// with `due` stamped; a retry is a new attempt, due after full-jitter backoff min(0.5·2^k, 8) s or
/// the server's hint up to 120 s. Full jitter: AWS Architecture Blog, "Exponential Backoff And
/// Jitter" (2015); the three numbers are the defaults of OpenAI's Python SDK. Returns whether the
/// whole plan was answered.
bool drive(const Plan& plan, Adapter& adapter, Loop& loop, const DriveOptions& options,
           Observer& observer);

}  // namespace pingjia::harness
