#include "harness/money/ledger.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace pingjia::harness {

namespace {

// Shares are summed in 2^-32 ns, so that splitting a nanosecond among many loses nothing seen.
constexpr int kFractionBits = 32;

struct Edge {
  Nanos at;
  bool begins;
  std::size_t request;
};

std::vector<Edge> edges_of(std::span<const Busy> requests, Nanos begin, Nanos end) {
  std::vector<Edge> edges;
  edges.reserve(2 * requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const Nanos from = std::clamp(requests[i].begin, begin, end);
    const Nanos to = std::clamp(requests[i].end, begin, end);
    if (from >= to) continue;
    edges.push_back({from, true, i});
    edges.push_back({to, false, i});
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.at < b.at; });
  return edges;
}

}  // namespace

std::vector<__int128> apportion(__int128 amount, std::span<const Nanos> weights) {
  std::vector<__int128> shares(weights.size());
  if (weights.empty()) return shares;
  const __int128 sum = std::accumulate(weights.begin(), weights.end(), __int128{0});
  const auto count = static_cast<__int128>(weights.size());
  const __int128 whole = sum > 0 ? sum : count;
  __int128 running = 0;
  __int128 given = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    running += sum > 0 ? weights[i] : 1;
    // amount * running / whole without leaving 128 bits: quotient and remainder apart.
    const __int128 due = amount / whole * running + amount % whole * running / whole;
    shares[i] = due - given;
    given = due;
  }
  assert(given == amount);
  return shares;
}

Ledger share_machine(std::span<const Busy> requests, Nanos begin, Nanos end) {
  assert(begin <= end);
  Ledger ledger;
  ledger.window = end - begin;
  ledger.requests.resize(requests.size());

  // With F(t) the integral of dt / n_active(t), a request's share is F(end) - F(begin).
  std::vector<__int128> fine(requests.size());
  __int128 integral = 0;
  Nanos busy = 0;
  Nanos before = begin;
  std::int64_t active = 0;
  for (const Edge& edge : edges_of(requests, begin, end)) {
    if (active > 0) {
      const Nanos length = edge.at - before;
      busy += length;
      integral += (static_cast<__int128>(length) << kFractionBits) / active;
    }
    before = edge.at;
    active += edge.begins ? 1 : -1;
    fine[edge.request] += edge.begins ? -integral : integral;
  }
  ledger.idle = ledger.window - busy;

  // Whole nanoseconds whose sum is `busy`: rounding running sums, the last one closing the gap
  // that division left (less than 2^-32 ns a request and edge).
  __int128 running = 0;
  Nanos given = 0;
  std::size_t last = requests.size();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (fine[i] == 0) continue;
    running += fine[i];
    const auto due =
        static_cast<Nanos>((running + (__int128{1} << (kFractionBits - 1))) >> kFractionBits);
    ledger.requests[i] = due - given;
    given = due;
    last = i;
  }
  if (last < requests.size()) ledger.requests[last] += busy - given;
  return ledger;
}

Busy window_of(std::span<const Busy> requests) {
  if (requests.empty()) return {};
  Busy window = requests.front();
  for (const Busy& request : requests) {
    window.begin = std::min(window.begin, request.begin);
    window.end = std::max(window.end, request.end);
  }
  return window;
}

}  // namespace pingjia::harness
