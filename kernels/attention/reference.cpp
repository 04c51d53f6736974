#include "kernels/attention/reference.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

namespace pingjia::kernels {
namespace {

/// Turns scores into weights that sum to one. `scores` is not empty.
template <class Real>
void softmax(std::span<Real> scores) {
  const Real highest = *std::max_element(scores.begin(), scores.end());
  Real sum = 0;
  for (Real& score : scores) {
    score = std::exp(score - highest);
    sum += score;
  }
  for (Real& score : scores) score /= sum;
}

/// One query of one head: `keys` and `values` begin at the head's first row, and row r stands
/// r * stride elements on. `weights` has one place for each key that is seen.
template <class Real>
void attend(const AttentionShape& shape, const Real* query, const Real* keys, const Real* values,
            std::span<Real> weights, Real* out) {
  std::fill_n(out, shape.value_width, Real{0});
  if (weights.empty()) return;
  const Real scale = 1 / std::sqrt(static_cast<Real>(shape.key_width));
  for (std::size_t row = 0; row < weights.size(); ++row) {
    const Real* key = keys + static_cast<std::int64_t>(row) * shape.kv_heads * shape.key_width;
    Real dot = 0;
    for (std::int64_t i = 0; i < shape.key_width; ++i) dot += query[i] * key[i];
    weights[row] = dot * scale;
  }
  softmax(weights);
  for (std::size_t row = 0; row < weights.size(); ++row) {
    const Real* value =
        values + static_cast<std::int64_t>(row) * shape.kv_heads * shape.value_width;
    for (std::int64_t i = 0; i < shape.value_width; ++i) out[i] += weights[row] * value[i];
  }
}

}  // namespace

template <class Real>
void attention_reference(const AttentionShape& shape, std::span<const Real> q,
                         std::span<const Real> k, std::span<const Real> v, std::span<Real> out) {
  assert(shape.query_heads % shape.kv_heads == 0);
  assert(std::ssize(q) == shape.query_elements() && std::ssize(k) == shape.key_elements());
  assert(std::ssize(v) == shape.value_elements() && std::ssize(out) == shape.output_elements());
  const std::int64_t group = shape.query_heads / shape.kv_heads;
  std::vector<Real> weights(static_cast<std::size_t>(shape.key_length));
  for (std::int64_t batch = 0; batch < shape.batch; ++batch) {
    for (std::int64_t row = 0; row < shape.query_length; ++row) {
      const auto seen = static_cast<std::size_t>(shape.keys_seen(row));
      for (std::int64_t head = 0; head < shape.query_heads; ++head) {
        const std::int64_t query = (batch * shape.query_length + row) * shape.query_heads + head;
        const std::int64_t first = batch * shape.key_length * shape.kv_heads + head / group;
        attend(shape, q.data() + query * shape.key_width, k.data() + first * shape.key_width,
               v.data() + first * shape.value_width, std::span(weights).first(seen),
               out.data() + query * shape.value_width);
      }
    }
  }
}

template void attention_reference<float>(const AttentionShape&, std::span<const float>,
                                         std::span<const float>, std::span<const float>,
                                         std::span<float>);
template void attention_reference<double>(const AttentionShape&, std::span<const double>,
                                          std::span<const double>, std::span<const double>,
                                          std::span<double>);

void attention_row_reference(const AttentionProblem& problem, std::int64_t row,
                             std::int64_t key_width, std::int64_t value_width, double* out) {
  const std::int64_t head = row % problem.group;
  const Bf16* query = problem.q + row / problem.group * problem.q_stride + head * key_width;
  std::vector<double> weights;
  for (std::int64_t j = problem.first_seen(row); j < problem.last_seen(row); ++j) {
    double dot = 0;
    for (std::int64_t i = 0; i < key_width; ++i) {
      dot += static_cast<double>(to_float(query[i])) *
             static_cast<double>(to_float(problem.key(j)[i]));
    }
    weights.push_back(dot * static_cast<double>(problem.scale));
  }
  std::fill_n(out, value_width, 0.0);
  if (weights.empty()) return;
  // A sink is a key without a value.
  if (problem.sinks != nullptr) weights.push_back(static_cast<double>(problem.sinks[head]));
  softmax(std::span(weights));
  for (std::int64_t j = problem.first_seen(row); j < problem.last_seen(row); ++j) {
    const double weight = weights[static_cast<std::size_t>(j - problem.first_seen(row))];
    for (std::int64_t i = 0; i < value_width; ++i) {
      out[i] += weight * static_cast<double>(to_float(problem.value(j)[i]));
    }
  }
}

}  // namespace pingjia::kernels
