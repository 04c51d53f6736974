#include "harness/drive/warm_up.h"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>

namespace pingjia::harness {

namespace {

// How long cancelled requests may take to answer.
constexpr Nanos kCancelGrace = 10 * kSecond;
// The longest a turn waits, so that `stopped` is asked often enough.
constexpr Nanos kLongestTurn = kSecond;

class WarmUp final : public Sink {
 public:
  WarmUp(const Request& request, int count, Adapter& adapter)
      : request_(request), left_(count), adapter_(adapter) {}

  void send(int connections) {
    while (left_ > 0 && in_flight_.size() < static_cast<std::size_t>(connections)) {
      const std::string id = "warmup|" + std::to_string(left_--);
      Request& request = in_flight_[id];
      request = request_;
      request.id = id;
      adapter_.submit(request, *this);
    }
  }

  void complete(const std::string& id, Completion) override { in_flight_.erase(id); }

  void cancel() {
    left_ = 0;
    std::set<std::string> ids;
    for (const auto& entry : in_flight_) ids.insert(entry.first);
    for (const auto& id : ids) adapter_.cancel(id);
  }

  bool done() const { return left_ == 0 && in_flight_.empty(); }

 private:
  const Request& request_;
  int left_;
  Adapter& adapter_;
  std::unordered_map<std::string, Request> in_flight_;
};

}  // namespace

void warm_up(std::span<const Plan> plans, int count, int connections, Adapter& adapter, Loop& loop,
             const std::function<bool()>& stopped) {
  const auto plan = std::find_if(plans.begin(), plans.end(), [](const Plan& candidate) {
    return !candidate.requests.empty() && candidate.requests[0].request.mode == Mode::kGenerate;
  });
  if (plan == plans.end()) return;
  WarmUp warming(plan->requests[0].request, count, adapter);
  std::optional<Nanos> give_up;
  while (!warming.done()) {
    if (!give_up && stopped()) {
      give_up = loop.now() + kCancelGrace;
      warming.cancel();
    }
    if (give_up && loop.now() >= *give_up) return;
    warming.send(connections);
    const Nanos until = loop.now() + kLongestTurn;
    const TimerId alarm = loop.call_at(until, [] {});
    loop.turn(until);
    loop.cancel(alarm);
  }
}

}  // namespace pingjia::harness
