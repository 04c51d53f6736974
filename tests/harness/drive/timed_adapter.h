#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "harness/drive/adapter.h"

namespace pingjia::harness {

/// A small working model: answers each request after `latency`, or fails it as told.
class TimedAdapter final : public Adapter {
 public:
  explicit TimedAdapter(Loop& loop) : loop_(loop) {}

  Facts open(int) override { return {}; }
  Closing close() override { return {}; }

  void submit(const Request& request, Sink& sink) override {
    in_flight_.insert(request.id);
    most_ = std::max(most_, in_flight_.size());
    const Nanos sent = loop_.now();
    const std::string id = request.id;
    sinks_[id] = {&sink, sent};
    loop_.call_at(sent + latency_, [this, id] { answer(id, failures_left(id)); });
  }

  void cancel(const std::string& id) override {
    answer(id, Failure{FailureClass::kCancelled, 0, "cancelled", {}});
  }

  std::optional<Failure> failures_left(const std::string& id) {
    if (failing_-- > 0) return failure_;
    (void)id;
    return std::nullopt;
  }

  void answer(const std::string& id, std::optional<Failure> failure) {
    if (in_flight_.erase(id) == 0) return;
    Completion completion;
    completion.timeline.sent = sinks_[id].second;
    completion.timeline.done = loop_.now();
    completion.failure = std::move(failure);
    sinks_[id].first->complete(id, std::move(completion));
  }

  Loop& loop_;
  Nanos latency_ = 100 * kMillisecond;
  int failing_ = 0;
  Failure failure_{FailureClass::kOverloaded, 529, "busy", {}};
  std::set<std::string> in_flight_;
  std::size_t most_ = 0;
  std::map<std::string, std::pair<Sink*, Nanos>> sinks_;
};

}  // namespace pingjia::harness
