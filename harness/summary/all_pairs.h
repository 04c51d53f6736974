#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/summary/metric.h"
#include "harness/summary/pairing.h"

namespace pingjia::harness {

/// More systems than this are not compared pair by pair: the table would have no reader.
inline constexpr std::size_t kMostCompared = 12;

/// The margin of the page's parity marks: two points of accuracy.
inline constexpr double kParityMargin = 0.02;

struct NamedSide {
  std::string name;
  const Side* side = nullptr;
};

/// Two sides on everything both were marked on; nothing without a common question. Pure.
std::optional<PairRow> compare_pair(const NamedSide& a, const NamedSide& b, std::uint64_t seed);

/// Every pair of the first `kMostCompared` sides on everything both were marked on, (0, 1), (0, 2)
/// …; a pair without a common question has no row. Metrics: "difference" of accuracy, as a share;
/// "minimum_detectable"; "p_value" (McNemar); "cost_ratio" of correct answers, a over b; the counts
/// "paired", "only_a" and "only_b". Pure.
std::vector<PairRow> compare_all(std::span<const NamedSide> sides, std::uint64_t seed);
/// The same of a run's systems.
std::vector<PairRow> compare_all(const SummaryInput& input);

/// Every other system against the one whose row "*" has the highest accuracy; test doubles are
/// neither. Nothing with fewer than two systems.
ParityMarks parity_marks(const SummaryInput& input, const std::vector<SummaryRow>& rows);

}  // namespace pingjia::harness
