#include "harness/drive/drive.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <unordered_map>

#include "harness/base/rng.h"

namespace pingjia::harness {

namespace {

// How long a cancelled request may take to answer before the drive gives up on it.
constexpr Nanos kCancelGrace = 10 * kSecond;
// The longest a turn waits, so that `proceed` is asked often enough.
constexpr Nanos kLongestTurn = 100 * kMillisecond;
constexpr double kLongestHint = 120;

// One attempt that is to be sent, or is in flight.
struct Attempt {
  std::size_t index = 0;  // Of the planned request.
  int attempt = 0;
  int failures = 0;  // Of this sample, in this session.
  Nanos due = 0;
  Request request;
};

class Driver final : public Sink {
 public:
  Driver(const Plan& plan, Adapter& adapter, Loop& loop, const DriveOptions& options,
         Observer& observer)
      : plan_(plan),
        adapter_(adapter),
        loop_(loop),
        options_(options),
        observer_(observer),
        jitter_(options.seed, "retries/" + plan.system + "/" + plan.suite) {
    in_flight_.reserve(static_cast<std::size_t>(plan_.load.most_in_flight()) * 2);
  }

  bool run() {
    start_ = loop_.now();
    while (remaining() > 0 || !in_flight_.empty()) {
      const Proceed proceed = observer_.proceed();
      if (proceed == Proceed::kCancel && cancelled_at_ == 0) cancel_all();
      if (proceed == Proceed::kGo) {
        send_what_is_due();
      } else {
        stopped_ = true;
        if (in_flight_.empty()) break;
      }
      if (cancelled_at_ != 0 && loop_.now() > cancelled_at_ + kCancelGrace) break;
      wait();
    }
    return remaining() == 0 && in_flight_.empty() && !stopped_;
  }

  void complete(const std::string& request_id, Completion completion) override {
    const auto found = in_flight_.find(request_id);
    if (found == in_flight_.end()) return;
    Attempt attempt = std::move(found->second);
    in_flight_.erase(found);
    record(std::move(attempt), std::move(completion));
  }

 private:
  std::size_t remaining() const { return plan_.requests.size() - next_ + retries_.size(); }

  bool has_room() const {
    return in_flight_.size() < static_cast<std::size_t>(plan_.load.most_in_flight());
  }

  // When the next request is due; the far future when none is waiting or there is no room.
  Nanos next_due() const {
    Nanos due = std::numeric_limits<Nanos>::max();
    if (!has_room() || stopped_) return due;
    if (!retries_.empty()) due = retries_.front().due;
    if (next_ < plan_.requests.size()) {
      const auto& planned = plan_.requests[next_].due;
      due = std::min(due, planned ? start_ + *planned : start_);
    }
    return due;
  }

  // One turn, at most until something is due. The timer gives the loop something to wait for when
  // nothing is in flight, as between a failure and its retry.
  void wait() {
    const Nanos until = std::min(next_due(), loop_.now() + kLongestTurn);
    const TimerId alarm = loop_.call_at(until, [] {});
    loop_.turn(until);
    loop_.cancel(alarm);
  }

  void send_what_is_due() {
    const Nanos now = loop_.now();
    while (has_room() && !retries_.empty() && retries_.front().due <= now) {
      Attempt attempt = std::move(retries_.front());
      retries_.pop_front();
      send(std::move(attempt));
    }
    while (has_room() && next_ < plan_.requests.size()) {
      const PlannedRequest& planned = plan_.requests[next_];
      // In a closed loop a request is due as soon as a place is free.
      const Nanos due = planned.due ? start_ + *planned.due : now;
      if (due > now) break;
      send({next_++, planned.key.attempt, 0, due, planned.request});
    }
  }

  void send(Attempt attempt) {
    RecordKey key = plan_.requests[attempt.index].key;
    key.attempt = attempt.attempt;
    attempt.request.id = request_id(key);
    const auto [place, inserted] = in_flight_.emplace(attempt.request.id, std::move(attempt));
    // The map's nodes do not move, so the adapter may keep the reference until it answers.
    if (inserted) adapter_.submit(place->second.request, *this);
  }

  void record(Attempt attempt, Completion completion) {
    Record record;
    record.key = plan_.requests[attempt.index].key;
    record.key.attempt = attempt.attempt;
    record.session = options_.session;
    completion.timeline.due = attempt.due;
    const bool cancelled =
        completion.failure && completion.failure->kind == FailureClass::kCancelled;
    const bool again = deserves_retry(attempt, completion);
    record.last_attempt = !again && !cancelled;
    if (again) schedule_retry(attempt, completion.failure->retry_after_s);
    record.request = std::move(attempt.request);
    record.completion = std::move(completion);
    observer_.recorded(record);
  }

  bool deserves_retry(const Attempt& attempt, const Completion& completion) const {
    return completion.failure && !stopped_ && is_retryable(completion.failure->kind) &&
           !completion.timeline.first_token && attempt.failures < options_.retries &&
           completion.failure->retry_after_s.value_or(0) <= kLongestHint;
  }

  void schedule_retry(const Attempt& failed, std::optional<double> hint_s) {
    const double ceiling = std::min(0.5 * std::exp2(failed.failures), 8.0);
    const double wait = std::max(ceiling * jitter_.uniform(), hint_s.value_or(0));
    Attempt retry{failed.index, failed.attempt + 1, failed.failures + 1,
                  loop_.now() + static_cast<Nanos>(wait * 1e9), failed.request};
    const auto place =
        std::upper_bound(retries_.begin(), retries_.end(), retry.due,
                         [](Nanos due, const Attempt& other) { return due < other.due; });
    retries_.insert(place, std::move(retry));
  }

  void cancel_all() {
    cancelled_at_ = loop_.now();
    stopped_ = true;
    std::vector<std::string> ids;
    for (const auto& entry : in_flight_) ids.push_back(entry.first);
    for (const auto& id : ids) adapter_.cancel(id);
  }

  const Plan& plan_;
  Adapter& adapter_;
  Loop& loop_;
  const DriveOptions& options_;
  Observer& observer_;
  Rng jitter_;
  Nanos start_ = 0;
  std::size_t next_ = 0;
  std::deque<Attempt> retries_;  // By due time.
  std::unordered_map<std::string, Attempt> in_flight_;
  bool stopped_ = false;
  Nanos cancelled_at_ = 0;
};

}  // namespace

bool drive(const Plan& plan, Adapter& adapter, Loop& loop, const DriveOptions& options,
           Observer& observer) {
  return Driver(plan, adapter, loop, options, observer).run();
}

}  // namespace pingjia::harness
