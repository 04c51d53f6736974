#pragma once

#include <cstdint>
#include <span>

namespace pingjia::harness {

/// Both ends of a confidence interval; an end may be infinite where a method says so.
struct Interval {
  double low = 0;
  double high = 0;
};

/// Quantile of the standard normal distribution; 0 < p < 1.
double normal_quantile(double p);
/// Distribution function of the standard normal distribution.
double normal_cdf(double x);
/// Quantile of Student's t with `degrees` > 0 degrees of freedom.
double student_quantile(double p, double degrees);

/// Wilson's score interval of a proportion (Wilson 1927, without continuity correction).
/// 0 <= successes <= n, n > 0. It keeps inside [0, 1] and has width at 0 and at n successes.
Interval wilson(std::int64_t successes, std::int64_t n, double confidence = 0.95);

/// The same for a proportion seen in `effective_n` independent draws (need not be whole) and a
/// two-sided critical value of the caller's choosing, such as Student's t for few clusters.
Interval wilson_effective(double proportion, double effective_n, double critical);

/// Student's t interval of a mean from its standard error with `degrees` > 0 degrees of freedom.
Interval student_interval(double mean, double standard_error, double degrees,
                          double confidence = 0.95);
/// The same of independent values, two or more: mean -+ t(n - 1) s / sqrt(n).
Interval student_interval(std::span<const double> values, double confidence = 0.95);

}  // namespace pingjia::harness
