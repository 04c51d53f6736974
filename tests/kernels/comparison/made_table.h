#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/summary/kernel_samples.h"

namespace pingjia::kernels {

/// Invented noise of one process that measures a table.
struct Noise {
  double scatter = 0.03;         ///< Lognormal, sample by sample.
  double outliers = 0.05;        ///< Share of samples that something else interrupted,
  double outlier_size = 1.0;     ///< and by how much on average: exponential, in times.
  double row_shift = 0.005;      ///< Of a row in this process: placement of code and pages.
  double process_shift = 0.005;  ///< Of all its rows.
  double clock_drift = 0.01;     ///< How far the clock falls from the first sample to the last.
};

/// A table of `rows` rows of `samples` samples each, row r of a true time of (r + 1) us times
/// `factor`, at 2 GHz. Cycles, where wanted, know nothing of the clock's drift.
inline harness::StoredKernels made_table(harness::Rng& rng, int rows, int samples,
                                         const Noise& noise, double factor, bool cycles) {
  harness::StoredKernels kernels;
  const double process = noise.process_shift * rng.normal();
  for (int r = 0; r < rows; ++r) {
    const double placed = process + noise.row_shift * rng.normal();
    harness::KernelSamples taken;
    for (int i = 0; i < samples; ++i) {
      double work = factor * (r + 1) * 1e-6 * std::exp(placed + noise.scatter * rng.normal());
      if (rng.uniform() < noise.outliers) work *= 1 + noise.outlier_size * rng.exponential(1);
      const double drift = noise.clock_drift * i / samples;
      taken.seconds.push_back(static_cast<float>(work * (1 + drift)));
      if (cycles) taken.cycles.push_back(static_cast<float>(work * 2e9));
    }
    harness::KernelRow row;
    row.op = "op" + std::to_string(r);
    row.type = "bf16";
    row.model = "random";
    row.implementation = "ours";
    row.cache = "cold";
    const auto times = [&](std::vector<float> values) {
      std::sort(values.begin(), values.end());
      const auto at = [&](std::size_t part) {
        return static_cast<double>(values[(values.size() - 1) * part / 4]);
      };
      return harness::KernelTimes{samples, at(2), at(1), at(3), at(1), at(3)};
    };
    row.seconds = times(taken.seconds);
    if (cycles) row.cycles = times(taken.cycles);
    kernels.table.rows.push_back(row);
    kernels.samples.push_back(taken);
  }
  return kernels;
}

}  // namespace pingjia::kernels
