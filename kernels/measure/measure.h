#pragma once

#include <string>
#include <vector>

#include "kernels/measure/sampling.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels {

/// What rows are measured with and against.
struct Bench {
  Threads& threads;
  std::vector<harness::KernelRoof> roofs;
  double cache_bytes = 0;         ///< Of all last-level caches.
  double second_level_bytes = 0;  ///< Of the caches before them, of all threads together.
  double memory_bytes = 0;        ///< What trials may hold.
};

struct Measured {
  harness::KernelRow row;  ///< With status, times and roof; first_sample is not set.
  std::vector<Sample> samples;
};

/// One row: prepares the trial, checks its outputs, takes samples until `rule` is content, and
/// checks the same buffers again. `cache` is "hot" (calls follow each other) or "cold" (the
/// operands are thrown out of the caches before each). Never throws for what a trial does: that is
/// the row's status.
Measured measure(const Case& wanted, const std::string& cache, const Bench& bench,
                 const StopRule& rule);

/// Sets the row's roof and share of it from its median; rejects it over kMostOfRoof (roofs.h), or
/// takes a rejection back. For rows that were measured.
void judge(const Bench& bench, harness::KernelRow& row);

/// One line for the clocks that are apart from the row's median by more than 3 % and a microsecond,
/// "2.10 us, but 3.50 us by events"; empty: none is. For rows that were measured.
std::string clocks_apart(const harness::KernelRow& row);

/// What is wrong with the outputs of one call, or that it stopped; empty: nothing. Absent rows too
/// have nothing wrong.
std::string fault_of(const Case& wanted, Bench& bench);

}  // namespace pingjia::kernels
