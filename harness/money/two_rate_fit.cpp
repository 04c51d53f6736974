#include "harness/money/two_rate_fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace pingjia::harness {

namespace {

using Column = std::vector<double>;

double dot(const Column& a, const Column& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Solves min |A·x − y| by modified Gram-Schmidt; columns that all but depend on each other have no
// answer. Columns are scaled first, since token counts and the constant differ by millions.
bool solve(std::array<Column, 3> columns, Column y, std::array<double, 3>& x) {
  constexpr double kDependent = 1e-7;
  std::array<double, 3> scale{};
  for (std::size_t k = 0; k < 3; ++k) {
    scale[k] = std::sqrt(dot(columns[k], columns[k]));
    if (scale[k] == 0) return false;
    for (double& value : columns[k]) value /= scale[k];
  }
  std::array<std::array<double, 3>, 3> r{};
  std::array<double, 3> q_y{};
  for (std::size_t k = 0; k < 3; ++k) {
    r[k][k] = std::sqrt(dot(columns[k], columns[k]));
    if (r[k][k] < kDependent) return false;
    for (double& value : columns[k]) value /= r[k][k];
    for (std::size_t j = k + 1; j < 3; ++j) {
      r[k][j] = dot(columns[k], columns[j]);
      for (std::size_t i = 0; i < y.size(); ++i) columns[j][i] -= r[k][j] * columns[k][i];
    }
    q_y[k] = dot(columns[k], y);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] -= q_y[k] * columns[k][i];
  }
  for (std::size_t k = 3; k-- > 0;) {
    double sum = q_y[k];
    for (std::size_t j = k + 1; j < 3; ++j) sum -= r[k][j] * x[j];
    x[k] = sum / r[k][k];
  }
  for (std::size_t k = 0; k < 3; ++k) x[k] /= scale[k];
  return true;
}

void judge(std::span<const RatePoint> points, TwoRateFit& fit) {
  double mean = 0;
  for (const auto& point : points) mean += point.gpu_seconds / static_cast<double>(points.size());
  double residual = 0;
  double spread = 0;
  double relative = 0;
  for (const auto& point : points) {
    const double error = fit.seconds_per_input * point.input_tokens +
                         fit.seconds_per_output * point.output_tokens + fit.fixed_seconds -
                         point.gpu_seconds;
    residual += error * error;
    spread += (point.gpu_seconds - mean) * (point.gpu_seconds - mean);
    const double share = error / point.gpu_seconds;
    relative += share * share;
    fit.worst_error = std::max(fit.worst_error, std::abs(share));
  }
  fit.rms_error = std::sqrt(relative / static_cast<double>(points.size()));
  fit.r_squared = spread > 0 ? 1 - residual / spread : 1;
}

}  // namespace

TwoRateFit fit_two_rates(std::span<const RatePoint> points) {
  TwoRateFit fit;
  if (points.size() < 3) {
    fit.unknown = "a fit needs three runs of different mixes of input and output";
    return fit;
  }
  std::array<Column, 3> columns;
  Column y;
  for (const auto& point : points) {
    if (!(point.gpu_seconds > 0)) {
      fit.unknown = "a run took no GPU time";
      return fit;
    }
    columns[0].push_back(point.input_tokens);
    columns[1].push_back(point.output_tokens);
    columns[2].push_back(1);
    y.push_back(point.gpu_seconds);
  }
  std::array<double, 3> x{};
  if (!solve(std::move(columns), std::move(y), x)) {
    fit.unknown = "the runs' mixes of input and output do not differ";
    return fit;
  }
  fit.seconds_per_input = x[0];
  fit.seconds_per_output = x[1];
  fit.fixed_seconds = x[2];
  judge(points, fit);
  if (x[0] < 0 || x[1] < 0)
    fit.unknown = "the best fit has a negative rate: other things differ between the runs";
  return fit;
}

}  // namespace pingjia::harness
