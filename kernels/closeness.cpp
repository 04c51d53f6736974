#include "kernels/closeness.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace pingjia::kernels {

double largest_difference(std::span<const float> actual, std::span<const double> expected) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (actual.size() != expected.size()) return kInfinity;
  double largest = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double difference = std::abs(static_cast<double>(actual[i]) - expected[i]);
    if (!std::isfinite(difference)) return kInfinity;
    largest = std::max(largest, difference);
  }
  return largest;
}

std::optional<std::string> difference_over(std::span<const float> actual,
                                           std::span<const double> expected, double tolerance) {
  constexpr double kMostOfOne = 16;
  const double largest = largest_difference(actual, expected);
  if (!std::isfinite(largest)) return "a value is not finite";
  double differences = 0, values = 0;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    const double difference = static_cast<double>(actual[i]) - expected[i];
    differences += difference * difference;
    values += expected[i] * expected[i];
  }
  if (differences == 0) return std::nullopt;
  const double size = std::sqrt(values / static_cast<double>(actual.size()));
  const double relative = std::sqrt(differences / static_cast<double>(actual.size())) / size;
  if (relative <= tolerance && largest <= kMostOfOne * tolerance * size) return std::nullopt;
  return fmt::format("differs from the reference: by {:.2g} of its size on average, {:.2g} at most",
                     relative, largest / size);
}

namespace {

template <class T>
std::optional<std::string> find_nan(std::span<const T> written) {
  const bool any = std::any_of(written.begin(), written.end(),
                               [](T value) { return std::isnan(to_float(value)); });
  return any ? std::optional<std::string>("left or made a NaN") : std::nullopt;
}

}  // namespace

std::optional<std::string> nan_in(std::span<const Bf16> written) {
  return find_nan(written);
}

std::optional<std::string> nan_in(std::span<const float> written) {
  return find_nan(written);
}

}  // namespace pingjia::kernels
