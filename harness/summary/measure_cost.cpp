#include <fmt/format.h>

#include <cmath>

#include "harness/stats/bootstrap.h"
#include "harness/summary/measures.h"
#include "harness/summary/units.h"

namespace pingjia::harness {

namespace {

// USD per million tokens.
Measured price(const RowFacts& row, double usd, std::int64_t tokens, const std::string& how) {
  if (tokens == 0) return {{}, {}, {}, "no such tokens"};
  return {1e6 * usd / static_cast<double>(tokens), {}, {}, how + cost_basis(row)};
}

/// How a machine's cost divides between input and output, and who says so.
struct Shares {
  PhaseTime phases;
  const char* how;
};

// By the engine's own step times, else by when the first token came.
std::optional<Shares> shares_of(const RowFacts& row) {
  const PhaseFacts& phases = row.phases;
  if (phases.answers_without == 0 && phases.prefill_s + phases.decode_s > 0) {
    return Shares{phases_by_steps(phases.prefill_s, phases.decode_s, row.active),
                  "by the engine's step times"};
  }
  const PhaseTime& client = phases.by_first_token;
  if (phases.answers_not_streamed > 0 || client.decode == 0) return std::nullopt;
  return Shares{client, "by time to first token (an estimate where requests share batches)"};
}

enum class Side { kInput, kOutput };

Measured side_price(const RowFacts& row, Side side) {
  if (const auto why = why_no_cost(row)) return {{}, {}, {}, *why};
  if (row.tokens.answers_without > 0) return {{}, {}, {}, "unknown: answers report no usage"};
  const std::int64_t tokens = side == Side::kInput ? row.tokens.input : row.tokens.output;
  if (!by_the_hour(row)) {
    const Money usd = side == Side::kInput ? row.cost.input : row.cost.output;
    return price(row, usd.usd(), tokens, "");
  }
  const auto shares = shares_of(row);
  if (!shares) {
    return {{}, {}, {}, "unknown: neither engine nor stream tell the times of input and output"};
  }
  const SplitCost split = split_cost(row.cost.machine, shares->phases);
  const double share = shares->phases.prefill_share();
  return price(row, (side == Side::kInput ? split.input : split.output).usd(), tokens,
               fmt::format("{:.1f} % of the cost {}, ",
                           100 * (side == Side::kInput ? share : 1 - share), shares->how));
}

}  // namespace

bool by_the_hour(const RowFacts& row) {
  return std::holds_alternative<MachinePricing>(row.system->pricing);
}

std::optional<std::string> why_no_cost(const RowFacts& row) {
  if (const auto* unknown = std::get_if<UnknownPricing>(&row.system->pricing)) {
    return "unknown: " + unknown->why;
  }
  if (row.cost.attempts == 0) return "nothing was asked";
  if (row.cost.unpriced_share() <= kMostUnpriced) return std::nullopt;
  if (row.cost.unknown_attempts > 0) {
    return fmt::format("unknown: {} of {} attempts may be billed but report no usage",
                       row.cost.unknown_attempts, row.cost.attempts);
  }
  return fmt::format("unknown: {} of {} tokens have no price", row.cost.unpriced_tokens,
                     row.cost.unpriced_tokens + row.cost.priced_tokens);
}

std::string cost_basis(const RowFacts& row) {
  std::string text = pricing_text(row.system->pricing);
  if (by_the_hour(row)) {
    text += fmt::format(", {} {:.3f} s", row.whole() ? "serving window" : "share of serving window",
                        seconds(row.held));
  }
  if (row.cost.unpriced_share() > 0) {
    text += fmt::format("; {:.2f} % unpriced, a lower bound", 100 * row.cost.unpriced_share());
  }
  return text;
}

Measured measure_cost(const RowFacts& row) {
  if (const auto why = why_no_cost(row)) return {{}, {}, {}, *why};
  return {row.cost.total().usd(), {}, {}, cost_basis(row)};
}

Measured measure_reported_cost(const RowFacts& row) {
  const CostFacts& cost = row.cost;
  if (cost.reported_attempts == 0) return {{}, {}, {}, "the provider reports no cost"};
  std::int64_t billed = 0;
  for (const auto& attempt : row.attempts) {
    if (is_billed(attempt.record->completion)) ++billed;
  }
  if (cost.reported_attempts < billed) {
    return {{},
            {},
            {},
            fmt::format("unknown: the provider reports the cost of {} of {} attempts",
                        cost.reported_attempts, billed)};
  }
  return {cost.reported.usd(), {}, {}, "usage.cost of the replies"};
}

Measured measure_input_price(const RowFacts& row) {
  return side_price(row, Side::kInput);
}

Measured measure_output_price(const RowFacts& row) {
  return side_price(row, Side::kOutput);
}

Measured measure_blended_price(const RowFacts& row) {
  if (const auto why = why_no_cost(row)) return {{}, {}, {}, *why};
  if (row.tokens.answers_without > 0) return {{}, {}, {}, "unknown: answers report no usage"};
  return price(row, row.cost.total().usd(), row.tokens.input + row.tokens.output,
               "measured mix of input and output, ");
}

Measured measure_cost_per_correct(const RowFacts& row) {
  if (const auto why = why_no_cost(row)) return {{}, {}, {}, *why};
  if (row.scored() == 0) return {{}, {}, {}, "nothing was marked"};
  if (row.count(outcome::kRight) == 0) return {{}, {}, {}, "unbounded: no answer was right"};
  const Units units = units_of(row);
  BootstrapOptions options;
  options.seed = row.seed;
  options.stream = "usd_per_correct/" + row.system->name + "/" + row.suite;
  const Bootstrap result = bootstrap_ratio(units.cost, units.right, options);
  // What was spent on what was got is a fact of the run; only what it says of the next run needs an
  // interval.
  Measured measured{row.cost.total().usd() / static_cast<double>(row.count(outcome::kRight)),
                    {},
                    {},
                    "every attempt's cost over right answers, "};
  if (!result.defined()) {
    measured.maker += fmt::format(
        "no interval: too few right answers among {} samples to tell "
        "their number from none, {}",
        units.cost.size(), cost_basis(row));
    return measured;
  }
  measured.maker +=
      fmt::format("bootstrap 95 % ({}, {} resamples of {} samples), {}", result.method,
                  options.resamples, units.cost.size(), cost_basis(row));
  if (std::isfinite(result.interval.low)) measured.low = result.interval.low;
  if (std::isfinite(result.interval.high)) {
    measured.high = result.interval.high;
  } else {
    measured.maker += "; no upper bound: resamples without a right answer";
  }
  return measured;
}

Measured measure_cost_per_task(const RowFacts& row) {
  if (const auto why = why_no_cost(row)) return {{}, {}, {}, *why};
  if (row.scored() == 0) return {{}, {}, {}, "nothing was marked"};
  const Units units = units_of(row);
  BootstrapOptions options;
  options.seed = row.seed;
  options.stream = "usd_per_task/" + row.system->name + "/" + row.suite;
  const Bootstrap result = bootstrap_ratio(units.cost, units.asked, options);
  Measured measured{row.cost.total().usd() / static_cast<double>(row.scored()),
                    {},
                    {},
                    "every attempt's cost over questions asked, "};
  if (result.defined() && units.cost.size() > 1) {
    measured.low = result.interval.low;
    measured.high = result.interval.high;
    measured.maker += fmt::format("bootstrap 95 % ({}, {} resamples of {} samples), ",
                                  result.method, options.resamples, units.cost.size());
  } else {
    measured.maker += fmt::format("no interval: {} samples, ", units.cost.size());
  }
  measured.maker += cost_basis(row);
  return measured;
}

}  // namespace pingjia::harness
