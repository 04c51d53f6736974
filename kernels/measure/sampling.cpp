#include "kernels/measure/sampling.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/rng.h"

namespace pingjia::kernels {
namespace {

constexpr double kClockTolerance = 0.03;

/// Linear between neighbours (type 7 of Hyndman and Fan, as numpy and R do). `sorted` not empty.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

/// The middle of the fullest bin of 1 %; 0 when no clock is known.
double modal_clock(const std::vector<Sample>& samples) {
  std::map<long, std::vector<double>> bins;
  for (const Sample& sample : samples) {
    if (sample.clock_hz > 0) {
      bins[std::lround(std::log(sample.clock_hz) * 100)].push_back(sample.clock_hz);
    }
  }
  const auto fullest = std::max_element(bins.begin(), bins.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  if (fullest == bins.end()) return 0;
  std::sort(fullest->second.begin(), fullest->second.end());
  return quantile(fullest->second, 0.5);
}

}  // namespace

bool is_enough(const std::vector<Sample>& samples, double spent, const StopRule& rule) {
  if (samples.size() >= rule.most) return true;
  if (spent >= rule.seconds && samples.size() >= StopRule::kFewest) return true;
  if (samples.size() < rule.least) return false;
  std::vector<double> seconds;
  for (const Sample& sample : samples) seconds.push_back(sample.seconds);
  std::sort(seconds.begin(), seconds.end());
  const double spread = quantile(seconds, 0.75) - quantile(seconds, 0.25);
  return spread < rule.relative_iqr * quantile(seconds, 0.5);
}

std::vector<Sample> at_modal_clock(const std::vector<Sample>& samples) {
  const double modal = modal_clock(samples);
  std::vector<Sample> kept;
  for (const Sample& sample : samples) {
    if (std::abs(sample.clock_hz - modal) <= kClockTolerance * modal) kept.push_back(sample);
  }
  return modal == 0 || kept.size() * 2 < samples.size() ? samples : kept;
}

harness::KernelTimes times_of(const std::vector<double>& values) {
  constexpr std::size_t kResamples = 1000;
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  harness::Rng rng(1, "kernels/median");
  std::vector<double> medians, again(values.size());
  for (std::size_t i = 0; i < kResamples; ++i) {
    for (double& value : again) value = values[rng.below(values.size())];
    std::sort(again.begin(), again.end());
    medians.push_back(quantile(again, 0.5));
  }
  std::sort(medians.begin(), medians.end());
  return {.samples = static_cast<std::int64_t>(values.size()),
          .median = quantile(sorted, 0.5),
          .low = quantile(medians, 0.025),
          .high = quantile(medians, 0.975),
          .quartile1 = quantile(sorted, 0.25),
          .quartile3 = quantile(sorted, 0.75)};
}

}  // namespace pingjia::kernels
