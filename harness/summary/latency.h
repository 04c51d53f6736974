#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/record/record.h"
#include "harness/stats/interval.h"

namespace pingjia::harness {

/// One quantile of a distribution; nothing where there are too few samples for it.
struct Quantile {
  std::optional<double> value;
  std::optional<Interval> interval;  ///< 95 %, distribution-free.
};

struct Distribution {
  std::int64_t n = 0;
  Quantile p50;
  Quantile p99;  ///< Nothing under kMinSamplesForP99 samples.
};

/// Median and 99th percentile of `values`. `independent`: whether an interval can be given.
Distribution distribution_of(std::vector<double> values, bool independent);

/// Seconds per output token after the first; nothing for an answer that came in one piece.
std::optional<double> tpot_of(const Completion& completion);

/// Every published way to time an answer, in seconds of the client's clock.
struct Latencies {
  Distribution ttft;       ///< Due to first text, reasoning included.
  Distribution ttft_sent;  ///< Sent to first text.
  Distribution tpot;       ///< (last - first text) / (output tokens - 1), of streamed answers.
  Distribution itl;        ///< Gaps between content events, pooled over answers.
  Distribution e2el;       ///< Due to done.
  Distribution lag;        ///< Due to sent.
};

/// Of `answers`: last attempts without failure.
Latencies latencies_of(std::span<const Record* const> answers);

}  // namespace pingjia::harness
