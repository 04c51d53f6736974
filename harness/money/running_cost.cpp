#include "harness/money/running_cost.h"

#include <algorithm>

namespace pingjia::harness {

void RunningCost::add(const Record& record, std::optional<UnixSeconds> sent_at) {
  if (const auto* api = std::get_if<ApiPricing>(&pricing_)) {
    if (!pricer_) pricer_.emplace(api->tariff);
    const Cost cost = cost_of_attempt(record, pricer_->card(terms_of(record, sent_at, *api)));
    by_token_ += cost.total();
    if (!cost.known()) ++unknown_;
    return;
  }
  if (std::holds_alternative<UnknownPricing>(pricing_)) {
    ++unknown_;
    return;
  }
  const Busy busy = busy_of(record.completion);
  if (busy.end == 0) return;
  window_ =
      window_ ? Busy{std::min(window_->begin, busy.begin), std::max(window_->end, busy.end)} : busy;
}

Money RunningCost::total() const {
  const auto* machine = std::get_if<MachinePricing>(&pricing_);
  if (machine == nullptr || !window_) return by_token_;
  return cost_of_time(machine->hardware.usd_per_hour.value_or(Money()),
                      window_->end - window_->begin);
}

}  // namespace pingjia::harness
