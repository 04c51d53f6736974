#pragma once

#include <functional>
#include <span>

#include "harness/drive/adapter.h"
#include "harness/drive/plan.h"

namespace pingjia::harness {

/// Sends the first generating request of `plans` `count` times, at most `connections` at once, and
/// waits for the answers, which nobody keeps: caches, graphs and connections are warm after it.
/// Ends early, cancelling what is in flight, once `stopped` says so.
void warm_up(std::span<const Plan> plans, int count, int connections, Adapter& adapter, Loop& loop,
             const std::function<bool()>& stopped);

}  // namespace pingjia::harness
