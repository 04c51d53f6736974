#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "harness/drive/adapter.h"

namespace pingjia::adapters {

/// Requests in flight of an adapter that answers them itself, by the loop's timers: one timer for
/// what comes next, one for the request's own limit, one answer.
class TimedFlights {
 public:
  explicit TimedFlights(harness::Loop& loop) : loop_(loop) {}
  ~TimedFlights() { forget_all(); }
  TimedFlights(const TimedFlights&) = delete;
  TimedFlights& operator=(const TimedFlights&) = delete;

  /// A new flight, sent now. The completion is what it will be answered with.
  harness::Completion& begin(const std::string& id, harness::Sink& sink);
  /// Of a flight that is there.
  harness::Completion& completion(const std::string& id) { return flights_.at(id).completion; }

  /// What comes next of it, instead of what was to come. Not called once the flight has ended.
  void call_at(const std::string& id, harness::Nanos due, std::function<void()> call);
  /// Fails it with kTimeoutTotal `timeout` after it was sent; 0 is no limit. What is due at the
  /// same instant and was set before comes first.
  void limit(const std::string& id, harness::Nanos timeout);

  /// Gives the answer, as it is.
  void answer(const std::string& id);
  /// Gives what there is as a failure, done now.
  void fail(const std::string& id, harness::FailureClass kind, const std::string& message);
  /// Fails it with kCancelled in a later turn; an unknown one is ignored.
  void cancel(const std::string& id);
  /// Drops all of them without an answer.
  void forget_all();

 private:
  struct Flight {
    harness::Sink* sink = nullptr;
    harness::Completion completion;
    std::optional<harness::TimerId> next;
    std::optional<harness::TimerId> limit;
  };

  void forget_timers(Flight& flight);

  harness::Loop& loop_;
  std::unordered_map<std::string, Flight> flights_;
};

}  // namespace pingjia::adapters
