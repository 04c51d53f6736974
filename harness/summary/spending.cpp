#include "harness/summary/spending.h"

#include <optional>

#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

// `cost` divided as `part` to `rest`, exactly.
SplitCost divide(Money cost, __int128 part, __int128 rest) {
  return split_cost(cost, PhaseTime{part, rest, {}});
}

// Reasoning among the output tokens of an answer; nothing where its usage does not say.
std::optional<std::int64_t> reasoning_tokens(const Record& record) {
  const Usage& usage = record.completion.usage;
  if (usage.reasoning) return usage.reasoning;
  const bool writes = record.request.mode == Mode::kGenerate;
  if (!writes || usage.total_output() == 0) return 0;
  return std::nullopt;
}

// Of a machine's cost for one answer, what writing it took: by the engine's step times, else by
// when a stream's first token came.
std::optional<Money> cost_of_writing(const Record& record, Money cost) {
  const ServerTimings& server = record.completion.server;
  if (server.additive && server.prefill_s && server.decode_s &&
      *server.prefill_s + *server.decode_s > 0) {
    return split_cost(cost, phases_by_steps(*server.prefill_s, *server.decode_s, 0)).output;
  }
  const Timeline& timeline = record.completion.timeline;
  if (timeline.arrivals.size() < 2 || !timeline.first_token) return std::nullopt;
  const Record* one = &record;
  const Nanos life = timeline.done - timeline.sent;
  return split_cost(cost, phases_by_first_token({&one, 1}, {&life, 1})).output;
}

void add_first_try(const AttemptFacts& attempt, Money cost, bool by_hour, Spending& spending) {
  ++spending.counted_first_tries;
  spending.first_tries += cost;
  const Record& record = *attempt.record;
  const auto reasoning = reasoning_tokens(record);
  if (!reasoning) {
    ++spending.reasoning_untold;
    return;
  }
  if (*reasoning == 0) return;
  Money share = attempt.cost.reasoning;
  if (by_hour) {
    const auto writing = cost_of_writing(record, cost);
    if (!writing) {
      ++spending.reasoning_untimed;
      return;
    }
    const std::int64_t output = record.completion.usage.total_output().value_or(*reasoning);
    share = divide(*writing, *reasoning, output - *reasoning).input;
  }
  spending.reasoning += share;
  spending.first_tries = spending.first_tries - share;
}

}  // namespace

Spending spending_of(const RowFacts& row) {
  const bool by_hour = by_the_hour(row);
  Spending spending;
  for (const auto& attempt : row.attempts) {
    Money cost = attempt.cost.total();
    if (by_hour) {
      const SplitCost split = divide(cost, attempt.active, attempt.held - attempt.active);
      // Of no time at all there is nothing to divide.
      const Money idle = attempt.held == 0 ? Money() : split.output;
      spending.idle += idle;
      cost = cost - idle;
    }
    if (attempt.record->completion.failure) {
      ++spending.counted_failures;
      spending.failures += cost;
    } else if (attempt.record->key.attempt > 0) {
      ++spending.counted_retries;
      spending.retries += cost;
    } else {
      add_first_try(attempt, cost, by_hour, spending);
    }
  }
  if (!spending.reasoning_known()) {
    // A part of them would pass for all of them.
    spending.first_tries += spending.reasoning;
    spending.reasoning = Money();
  }
  return spending;
}

}  // namespace pingjia::harness
