#include "adapters/timed_flights.h"

#include <utility>

namespace pingjia::adapters {

using harness::Completion;
using harness::FailureClass;
using harness::Nanos;

Completion& TimedFlights::begin(const std::string& id, harness::Sink& sink) {
  Flight& flight = flights_[id];
  flight.sink = &sink;
  flight.completion.timeline.sent = loop_.now();
  return flight.completion;
}

void TimedFlights::call_at(const std::string& id, Nanos due, std::function<void()> call) {
  Flight& flight = flights_.at(id);
  if (flight.next) loop_.cancel(*flight.next);
  flight.next = loop_.call_at(due, std::move(call));
}

void TimedFlights::limit(const std::string& id, Nanos timeout) {
  if (timeout <= 0) return;
  Flight& flight = flights_.at(id);
  flight.limit = loop_.call_at(flight.completion.timeline.sent + timeout, [this, id] {
    fail(id, FailureClass::kTimeoutTotal, "the answer was not complete in time");
  });
}

void TimedFlights::answer(const std::string& id) {
  // Taken out first: the sink may submit the next request at once.
  auto node = flights_.extract(id);
  forget_timers(node.mapped());
  // The key is the node's: `id` may be held by a timer's call that is gone now.
  node.mapped().sink->complete(node.key(), std::move(node.mapped().completion));
}

void TimedFlights::fail(const std::string& id, FailureClass kind, const std::string& message) {
  Completion& completion = flights_.at(id).completion;
  completion.failure = harness::Failure{kind, 0, message, std::nullopt};
  completion.finish = harness::Finish::kUnknown;
  completion.timeline.done = loop_.now();
  answer(id);
}

void TimedFlights::cancel(const std::string& id) {
  if (!flights_.contains(id)) return;
  call_at(id, loop_.now(), [this, id] { fail(id, FailureClass::kCancelled, "cancelled"); });
}

void TimedFlights::forget_all() {
  for (auto& entry : flights_) forget_timers(entry.second);
  flights_.clear();
}

void TimedFlights::forget_timers(Flight& flight) {
  for (auto* timer : {&flight.next, &flight.limit}) {
    if (*timer) loop_.cancel(**timer);
    timer->reset();
  }
}

}  // namespace pingjia::adapters
