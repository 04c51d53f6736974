#include <fmt/format.h>

#include "harness/stats/quantile.h"
#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

std::string counted_by(const TokenFacts& tokens) {
  return "counted by " + (tokens.makers.empty() ? "nobody named" : tokens.makers);
}

Measured without_counts(const RowFacts& row) {
  return {{},
          {},
          {},
          fmt::format("unknown: {} of {} answers report no usage", row.tokens.answers_without,
                      row.answers)};
}

Measured measure_tokens(const RowFacts& row, std::int64_t tokens) {
  if (row.tokens.answers_without > 0) return without_counts(row);
  return {static_cast<double>(tokens),
          {},
          {},
          counted_by(row.tokens) + ", every attempt that reports usage"};
}

Measured rate(const RowFacts& row, double count, const std::string& what) {
  if (row.window <= 0) return {{}, {}, {}, "no serving time"};
  return {count / seconds(row.window),
          {},
          {},
          fmt::format("{} over {:.3f} s, first sent to last done", what, seconds(row.window))};
}

}  // namespace

Measured measure_latency(const RowFacts& row, Distribution Latencies::*distribution,
                         Percentile percentile, std::string_view clock) {
  const Distribution& measured = row.latencies.*distribution;
  if (measured.n == 0) return {{}, {}, {}, fmt::format("{}: nothing to time", clock)};
  const Quantile& found = percentile == Percentile::kP50 ? measured.p50 : measured.p99;
  if (!found.value) {
    return {{},
            {},
            {},
            fmt::format("p99 needs {} samples, there are {}", kMinSamplesForP99, measured.n)};
  }
  Measured result{found.value, {}, {}, fmt::format("client clock, {}, n={}", clock, measured.n)};
  if (found.interval) {
    result.low = found.interval->low;
    result.high = found.interval->high;
    result.maker += ", order-statistic 95 %";
  }
  return result;
}

Measured measure_input_tokens(const RowFacts& row) {
  return measure_tokens(row, row.tokens.input);
}

Measured measure_output_tokens(const RowFacts& row) {
  return measure_tokens(row, row.tokens.output);
}

Measured measure_output_per_answer(const RowFacts& row) {
  Measured measured = measure_tokens(row, row.tokens.output);
  if (!measured.value) return measured;
  if (row.answers == 0) return {{}, {}, {}, "nothing was answered"};
  *measured.value /= static_cast<double>(row.answers);
  return measured;
}

Measured measure_cache_hit_share(const RowFacts& row) {
  if (row.tokens.answers_without > 0) return without_counts(row);
  if (row.tokens.cache_unsaid > 0) {
    return {{},
            {},
            {},
            fmt::format("unknown: {} answers do not say what was read from cache",
                        row.tokens.cache_unsaid)};
  }
  if (row.tokens.input == 0) return {{}, {}, {}, "nothing was read"};
  return {static_cast<double>(row.tokens.cache_read) / static_cast<double>(row.tokens.input),
          {},
          {},
          counted_by(row.tokens)};
}

Measured measure_output_rate(const RowFacts& row) {
  if (row.tokens.answers_without > 0) return without_counts(row);
  if (row.tokens.output == 0) return {{}, {}, {}, "nothing was generated"};
  return rate(row, static_cast<double>(row.tokens.output), counted_by(row.tokens));
}

Measured measure_rate_per_user(const RowFacts& row) {
  const Measured tpot = measure_latency(row, &Latencies::tpot, Percentile::kP50,
                                        "(last - first text)/(output tokens - 1)");
  if (!tpot.value) return {{}, {}, {}, tpot.maker};
  if (*tpot.value <= 0) return {{}, {}, {}, "all tokens came in one read: no speed to see"};
  const auto inverse = [](const std::optional<double>& s) {
    return s && *s > 0 ? std::optional(1 / *s) : std::nullopt;
  };
  return {inverse(tpot.value), inverse(tpot.high), inverse(tpot.low),
          "1 / TPOT p50: " + tpot.maker};
}

Measured measure_request_rate(const RowFacts& row) {
  return rate(row, static_cast<double>(row.answers), "answers without failure");
}

}  // namespace pingjia::harness
