#pragma once

#include "harness/money/cost.h"

namespace pingjia::harness {

/// What one system has cost so far in one session, for the progress line and the budget. By the
/// token: the attempts whose price and usage are known. By the hour: from the first request sent
/// to the last done, so that summing sessions gives the cost of the summary.
class RunningCost {
 public:
  explicit RunningCost(const Pricing& pricing) : pricing_(pricing) {}
  RunningCost(const RunningCost&) = delete;  // The pricer points into this object.
  RunningCost& operator=(const RunningCost&) = delete;

  /// `sent_at`: when it was sent, in seconds since 1970, where that is known.
  void add(const Record& record, std::optional<UnixSeconds> sent_at = {});
  Money total() const;
  /// Attempts that may cost money but whose cost nobody knows: a budget is then a lower bound.
  std::int64_t unknown() const { return unknown_; }

 private:
  Pricing pricing_;
  std::optional<Pricer> pricer_;
  Money by_token_;
  std::optional<Busy> window_;
  std::int64_t unknown_ = 0;
};

}  // namespace pingjia::harness
