#include "harness/summary/spending.h"

#include <array>
#include <optional>

#include "harness/summary/measures.h"

namespace pingjia::harness {

namespace {

enum Part { kFirstTries, kReasoning, kRetries, kFailures, kIdle, kParts };

Part part_of(const AttemptFacts& attempt) {
  if (attempt.record->completion.failure) return kFailures;
  return attempt.record->key.attempt > 0 ? kRetries : kFirstTries;
}

// Reasoning among the output tokens of an answer; nothing where its usage does not say.
std::optional<std::int64_t> reasoning_tokens(const Record& record) {
  const Usage& usage = record.completion.usage;
  if (usage.reasoning) return usage.reasoning;
  const bool writes = record.request.mode == Mode::kGenerate;
  if (!writes || usage.total_output() == 0) return 0;
  return std::nullopt;
}

// Of `active`, an answer's share of its machine, the time of writing: by the engine's step times,
// else by when a stream's first token came.
std::optional<Nanos> writing_time(const Record& record, Nanos active) {
  const ServerTimings& server = record.completion.server;
  if (server.additive && server.prefill_s && server.decode_s &&
      *server.prefill_s + *server.decode_s > 0) {
    const PhaseTime steps = phases_by_steps(*server.prefill_s, *server.decode_s, 0);
    return static_cast<Nanos>(active * steps.decode / (steps.prefill + steps.decode));
  }
  const Timeline& timeline = record.completion.timeline;
  if (timeline.arrivals.size() < 2 || !timeline.first_token) return std::nullopt;
  const Record* one = &record;
  return static_cast<Nanos>(phases_by_first_token({&one, 1}, {&active, 1}).decode);
}

// Reasoning's share of that time is its share of the tokens.
std::optional<Nanos> reasoning_time(const Record& record, std::int64_t tokens, Nanos active) {
  if (tokens == 0) return 0;
  const auto writing = writing_time(record, active);
  if (!writing) return std::nullopt;
  const auto output = record.completion.usage.total_output().value_or(tokens);
  return static_cast<Nanos>(static_cast<__int128>(*writing) * tokens / output);
}

void count(Part part, const Record& record, Spending& spending) {
  if (part == kFailures) ++spending.counted_failures;
  if (part == kRetries) ++spending.counted_retries;
  if (part != kFirstTries) return;
  ++spending.counted_first_tries;
  if (!reasoning_tokens(record)) ++spending.reasoning_untold;
}

// Time is divided, and the row's cost in proportion to it.
void divide_by_time(const RowFacts& row, Spending& spending) {
  std::array<Nanos, kParts> time{};
  for (const auto& attempt : row.attempts) {
    const Part part = part_of(attempt);
    count(part, *attempt.record, spending);
    time[kIdle] += attempt.held - attempt.active;
    time[part] += attempt.active;
    if (part != kFirstTries) continue;
    const std::int64_t tokens = reasoning_tokens(*attempt.record).value_or(0);
    const auto reasoning = reasoning_time(*attempt.record, tokens, attempt.active);
    if (!reasoning) ++spending.reasoning_untimed;
    time[kFirstTries] -= reasoning.value_or(0);
    time[kReasoning] += reasoning.value_or(0);
  }
  const auto shares = apportion(row.cost.total().picodollars(), time);
  spending.first_tries = Money(shares[kFirstTries]);
  spending.reasoning = Money(shares[kReasoning]);
  spending.retries = Money(shares[kRetries]);
  spending.failures = Money(shares[kFailures]);
  spending.idle = Money(shares[kIdle]);
}

void add_by_token(const RowFacts& row, Spending& spending) {
  for (const auto& attempt : row.attempts) {
    const Part part = part_of(attempt);
    count(part, *attempt.record, spending);
    const Money cost = attempt.cost.total();
    if (part == kFailures) spending.failures += cost;
    if (part == kRetries) spending.retries += cost;
    if (part != kFirstTries) continue;
    spending.reasoning += attempt.cost.reasoning;
    spending.first_tries += cost - attempt.cost.reasoning;
  }
}

}  // namespace

Spending spending_of(const RowFacts& row) {
  Spending spending;
  if (by_the_hour(row)) {
    divide_by_time(row, spending);
  } else {
    add_by_token(row, spending);
  }
  if (!spending.reasoning_known()) {
    // A part of them would pass for all of them.
    spending.first_tries += spending.reasoning;
    spending.reasoning = Money();
  }
  return spending;
}

}  // namespace pingjia::harness
