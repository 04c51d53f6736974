#pragma once

#include <vector>

#include "harness/summary/kernel_table.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// What this machine reaches with these threads, measured now, in some seconds: "dram" and "cache"
/// (bytes per second out of memory, and out of the last cache), "fp32" and "bf16" (FLOP per second
/// of the best instruction set).
std::vector<harness::KernelRoof> measure_roofs(Threads& threads);
/// One of them by its name.
harness::KernelRoof measure_roof(const std::string& name, Threads& threads);

/// The higher value of each roof: a roof measured while somebody else ran was too low.
std::vector<harness::KernelRoof> higher_roofs(std::vector<harness::KernelRoof> one,
                                              const std::vector<harness::KernelRoof>& other);

/// Which roof limits a call and how close it came.
struct RoofShare {
  std::string roof;
  double fraction = 0;  ///< Least time under that roof / `seconds`.
};

/// Of the roofs that hold for the row: its type's arithmetic; and memory's, "dram" for a cold row
/// or one whose `bytes` are over three times the caches, "cache" for a hot one between
/// `second_level_bytes` and a third of the caches. Between these nothing is certain, and a row that
/// fits the second level has no roof of memory. Nothing when no roof holds.
std::optional<RoofShare> limiting_roof(const harness::KernelRow& row, double seconds,
                                       const std::vector<harness::KernelRoof>& roofs,
                                       double cache_bytes, double second_level_bytes);

/// A row over this share of its roof is not believed: the roof is measured, and noise is 1 or 2 %.
inline constexpr double kMostOfRoof = 1.02;

}  // namespace pingjia::kernels
