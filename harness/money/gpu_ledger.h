#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/money/cost.h"

namespace pingjia::harness {

/// GPU time of one system, three views of it, in whole GPU-nanoseconds:
/// reserved = opened to closed, with loading and warming up: what a bill shows;
/// serving = first sent to last done; per request = each one's share while it was active.
/// sum(requests) + idle = serving, and serving + unused = reserved, exactly.
struct GpuLedger {
  int gpus = 0;
  std::optional<__int128> reserved;  ///< Nothing: not every session has a closing line.
  __int128 serving = 0;
  std::vector<__int128> requests;  ///< In the order of the cost's attempts.
  __int128 idle = 0;
  std::optional<__int128> unused;  ///< Reserved, not serving.

  __int128 active() const;
};

/// `reserved` is the machine's time from opened to closed, at least the cost's window. Tensor
/// parallel counts every GPU, even one that waits.
GpuLedger gpu_ledger_of(const SystemCost& cost, int gpus, std::optional<Nanos> reserved);

/// GPU-nanoseconds as GPU-hours.
double gpu_hours(__int128 gpu_nanos);

/// How GPU time divides between reading input (prefill) and writing output (decode).
struct PhaseTime {
  __int128 prefill = 0;
  __int128 decode = 0;
  /// How far the parts miss what they should sum to, as a fraction of it: the evidence for them.
  /// Nothing where they sum to it by construction.
  std::optional<double> closing_error;

  double prefill_share() const;  ///< 0 of nothing.
};

/// By the engine's own step times, which should sum to `busy`.
PhaseTime phases_by_steps(double prefill_s, double decode_s, Nanos busy);

/// By the client's clock: a request's time divides as its life does, sent to first token and first
/// token to done. An estimate where requests share batches. Requests without a first token are
/// all prefill. `held` is each record's share of the machine.
PhaseTime phases_by_first_token(std::span<const Record* const> records,
                                std::span<const Nanos> held);

/// Of a service that reads and writes on different nodes: so many would be needed by the rates that
/// one node reaches, which should sum to `nodes` (research/cost.md D5).
PhaseTime phases_by_nodes(double input_tokens_per_s, double input_rate_per_node,
                          double output_tokens_per_s, double output_rate_per_node, double nodes);

/// A cost divided by a PhaseTime, exactly: input + output = cost.
struct SplitCost {
  Money input;
  Money output;
};
SplitCost split_cost(Money cost, const PhaseTime& phases);

/// The habit of charging the whole cost to both token columns: the two do not add up, and are
/// shown only under this name.
SplitCost double_charged(Money cost);

/// USD per million tokens; nothing of no tokens.
std::optional<double> usd_per_mtok(Money cost, std::int64_t tokens);

}  // namespace pingjia::harness
