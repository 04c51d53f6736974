#include "harness/money/gpu_ledger.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

namespace pingjia::harness {

namespace {

__int128 nanos(double s) {
  return static_cast<__int128>(std::llround(s * 1e9));
}

// Of `held`, the part before the first token of a life from `sent` to `done`.
Nanos before_first_token(const Timeline& timeline, Nanos held) {
  const Nanos life = timeline.done - timeline.sent;
  if (life <= 0) return held;
  const Nanos first = timeline.first_token.value_or(timeline.done) - timeline.sent;
  const Nanos bounded = std::min(std::max<Nanos>(first, 0), life);
  return static_cast<Nanos>(static_cast<__int128>(held) * bounded / life);
}

}  // namespace

__int128 GpuLedger::active() const {
  return std::accumulate(requests.begin(), requests.end(), __int128{0});
}

GpuLedger gpu_ledger_of(const SystemCost& cost, int gpus, std::optional<Nanos> reserved) {
  assert(gpus >= 0);
  GpuLedger ledger;
  ledger.gpus = gpus;
  ledger.serving = static_cast<__int128>(cost.window) * gpus;
  ledger.idle = static_cast<__int128>(cost.idle) * gpus;
  ledger.requests.reserve(cost.active.size());
  for (const Nanos active : cost.active) {
    ledger.requests.push_back(static_cast<__int128>(active) * gpus);
  }
  if (reserved) {
    ledger.reserved = static_cast<__int128>(*reserved) * gpus;
    ledger.unused = *ledger.reserved - ledger.serving;
  }
  assert(ledger.active() + ledger.idle == ledger.serving);
  return ledger;
}

double gpu_hours(__int128 gpu_nanos) {
  return static_cast<double>(gpu_nanos) / 3.6e12;
}

double PhaseTime::prefill_share() const {
  const __int128 sum = prefill + decode;
  return sum == 0 ? 0 : static_cast<double>(prefill) / static_cast<double>(sum);
}

PhaseTime phases_by_steps(double prefill_s, double decode_s, Nanos busy) {
  PhaseTime phases{nanos(prefill_s), nanos(decode_s), {}};
  if (busy > 0) phases.closing_error = (prefill_s + decode_s) / seconds(busy) - 1;
  return phases;
}

PhaseTime phases_by_first_token(std::span<const Record* const> records,
                                std::span<const Nanos> held) {
  assert(records.size() == held.size());
  PhaseTime phases;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Nanos prefill = before_first_token(records[i]->completion.timeline, held[i]);
    phases.prefill += prefill;
    phases.decode += held[i] - prefill;
  }
  return phases;
}

PhaseTime phases_by_nodes(double input_tokens_per_s, double input_rate_per_node,
                          double output_tokens_per_s, double output_rate_per_node, double nodes) {
  assert(input_rate_per_node > 0 && output_rate_per_node > 0 && nodes > 0);
  const double prefill = input_tokens_per_s / input_rate_per_node;
  const double decode = output_tokens_per_s / output_rate_per_node;
  // Of one second of the service.
  return {nanos(prefill), nanos(decode), (prefill + decode) / nodes - 1};
}

SplitCost split_cost(Money cost, const PhaseTime& phases) {
  const __int128 whole = phases.prefill + phases.decode;
  if (whole == 0) return {{}, cost};
  // Quotient and remainder apart, so that the product stays in 128 bits.
  const __int128 amount = cost.picodollars();
  const Money input(amount / whole * phases.prefill + amount % whole * phases.prefill / whole);
  return {input, cost - input};
}

SplitCost double_charged(Money cost) {
  return {cost, cost};
}

std::optional<double> usd_per_mtok(Money cost, std::int64_t tokens) {
  if (tokens <= 0) return std::nullopt;
  return 1e6 * cost.usd() / static_cast<double>(tokens);
}

}  // namespace pingjia::harness
