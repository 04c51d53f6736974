#pragma once

#include <span>
#include <string>

namespace pingjia::harness {

/// One run: what it read and wrote, and the GPU time it took.
struct RatePoint {
  double input_tokens = 0;
  double output_tokens = 0;
  double gpu_seconds = 0;
};

/// GPU-seconds = a·input + b·output + c, by least squares: what a token of each kind takes, where
/// prefill and decode share batches and nothing reports them apart.
struct TwoRateFit {
  double seconds_per_input = 0;   ///< a
  double seconds_per_output = 0;  ///< b
  double fixed_seconds = 0;       ///< c
  double rms_error = 0;           ///< Root mean square of the relative residuals.
  double worst_error = 0;         ///< The largest of them, as a fraction.
  double r_squared = 0;
  std::string unknown;  ///< Why there is no fit; empty: there is one.
};

/// Needs three points, four to have an error at all, whose mixes of input and output differ; an
/// estimate that comes out negative is refused, because no token gives time back.
TwoRateFit fit_two_rates(std::span<const RatePoint> points);

}  // namespace pingjia::harness
