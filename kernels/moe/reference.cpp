#include "kernels/moe/reference.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pingjia::kernels {
namespace {

double dot(const Bf16* row, const Bf16* x, std::int64_t count) {
  double sum = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    sum += static_cast<double>(to_float(row[i])) * static_cast<double>(to_float(x[i]));
  }
  return sum;
}

void add_expert(const MoeShape& shape, const MoeWeights& weights, const Bf16* x,
                std::int64_t expert, double factor, double* out) {
  const std::int64_t size = shape.intermediate * shape.hidden;
  const Bf16* gate = weights.gate_up + expert * 2 * size;
  const Bf16* down = weights.down + expert * size;
  std::vector<double> inside(static_cast<std::size_t>(shape.intermediate));
  for (std::int64_t i = 0; i < shape.intermediate; ++i) {
    const double g = dot(gate + i * shape.hidden, x, shape.hidden);
    const double up = dot(gate + size + i * shape.hidden, x, shape.hidden);
    inside[static_cast<std::size_t>(i)] = g / (1 + std::exp(-g)) * up;
  }
  for (std::int64_t j = 0; j < shape.hidden; ++j) {
    double sum = 0;
    for (std::int64_t i = 0; i < shape.intermediate; ++i) {
      sum += static_cast<double>(to_float(down[j * shape.intermediate + i])) *
             inside[static_cast<std::size_t>(i)];
    }
    out[j] += factor * sum;
  }
}

}  // namespace

void moe_reference(const MoeShape& shape, const MoeWeights& weights, const Bf16* x,
                   const Routing& routing, std::int64_t first, std::int64_t last, double* out) {
  std::fill_n(out, (last - first) * shape.hidden, 0.0);
  for (std::int64_t token = first; token < last; ++token) {
    for (std::int64_t slot = 0; slot < shape.top_k; ++slot) {
      const std::int64_t entry = token * shape.top_k + slot;
      add_expert(shape, weights, x + token * shape.hidden, routing.experts[entry],
                 static_cast<double>(routing.weights[entry]), out + (token - first) * shape.hidden);
    }
  }
}

}  // namespace pingjia::kernels
