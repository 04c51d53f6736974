#include <fmt/format.h>

#include "harness/summary/measures.h"
#include "harness/summary/spending.h"

namespace pingjia::harness {

namespace {

Measured unmeasured(std::string why) {
  return {{}, {}, {}, std::move(why)};
}

std::string counted(std::int64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

Measured part(const RowFacts& row, Money amount, const std::string& what) {
  if (const auto why = why_no_cost(row)) return unmeasured(*why);
  return {amount.usd(), {}, {}, what + "; " + cost_basis(row)};
}

}  // namespace

Measured measure_first_tries(const RowFacts& row) {
  const Spending spending = spending_of(row);
  std::string what = counted(spending.counted_first_tries, "answer", "answers") +
                     " at the first attempt, input and output";
  what += spending.reasoning_known() ? " without reasoning" : " with whatever reasoning there was";
  return part(row, spending.first_tries, what);
}

Measured measure_reasoning(const RowFacts& row) {
  if (const auto why = why_no_cost(row)) return unmeasured(*why);
  const Spending spending = spending_of(row);
  if (spending.reasoning_untold > 0) {
    return unmeasured(fmt::format(
        "unknown: {} of {} first answers do not say how much of their output was reasoning; "
        "it is in the cost of first tries",
        spending.reasoning_untold, spending.counted_first_tries));
  }
  if (spending.reasoning_untimed > 0) {
    return unmeasured(fmt::format(
        "unknown: of {} answers neither engine nor stream tell the times of input and output; "
        "it is in the cost of first tries",
        spending.reasoning_untimed));
  }
  return part(row, spending.reasoning,
              by_the_hour(row) ? "reasoning tokens' share of the time of writing"
                               : "reasoning tokens at their price, that of output where they "
                                 "have none of their own");
}

Measured measure_retries(const RowFacts& row) {
  const Spending spending = spending_of(row);
  return part(row, spending.retries,
              counted(spending.counted_retries, "answer", "answers") + " at a later attempt");
}

Measured measure_failures(const RowFacts& row) {
  const Spending spending = spending_of(row);
  return part(row, spending.failures,
              counted(spending.counted_failures, "attempt", "attempts") + " without an answer");
}

Measured measure_idle_cost(const RowFacts& row) {
  if (!by_the_hour(row)) return part(row, Money(), "idle time is not billed");
  const Spending spending = spending_of(row);
  return part(row, spending.idle,
              fmt::format("{:.3f} s without a request", seconds(row.held - row.active)));
}

Measured measure_cache_savings(const RowFacts& row) {
  if (const auto why = why_no_cost(row)) return unmeasured(*why);
  if (by_the_hour(row)) return unmeasured("billed by the hour: no price of cached input");
  if (row.tokens.answers_without > 0) return unmeasured("unknown: answers report no usage");
  if (row.tokens.cache_unsaid > 0) {
    return unmeasured(fmt::format("unknown: {} answers do not say what was read from cache",
                                  row.tokens.cache_unsaid));
  }
  Money savings;
  std::int64_t incomparable = 0;
  for (const auto& attempt : row.attempts) {
    savings += attempt.cost.cache_savings;
    incomparable += attempt.cost.cache_incomparable;
  }
  if (incomparable > 0) {
    return unmeasured(
        fmt::format("unknown: {} cached tokens lack a price of their own or that of fresh input",
                    incomparable));
  }
  return part(row, savings,
              counted(row.tokens.cache_read, "token", "tokens") +
                  " read from cache, at the price of fresh input less what caching cost");
}

}  // namespace pingjia::harness
