#include "kernels/layer/row_reference.h"

#include <cmath>
#include <cstddef>

namespace pingjia::kernels {
namespace {

double wide(Bf16 value) {
  return static_cast<double>(to_float(value));
}

}  // namespace

std::vector<double> rms_norm_reference(std::span<const Bf16> x, std::span<const Bf16> gain,
                                       double epsilon) {
  double squares = 0;
  for (const Bf16 value : x) squares += wide(value) * wide(value);
  const double size = std::sqrt(squares / static_cast<double>(x.size()) + epsilon);
  std::vector<double> out;
  for (std::size_t i = 0; i < x.size(); ++i) out.push_back(wide(x[i]) / size * wide(gain[i]));
  return out;
}

std::vector<double> swiglu_reference(std::span<const Bf16> gate, std::span<const Bf16> up) {
  std::vector<double> out;
  for (std::size_t i = 0; i < gate.size(); ++i) {
    out.push_back(wide(gate[i]) / (1 + std::exp(-wide(gate[i]))) * wide(up[i]));
  }
  return out;
}

std::vector<double> rope_reference(std::span<const Bf16> head, std::span<const float> cosines,
                                   std::span<const float> sines) {
  const std::size_t half = head.size() / 2;
  std::vector<double> out;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::size_t pair = i % half;
    const double other = i < half ? -wide(head[pair + half]) : wide(head[pair]);
    out.push_back(wide(head[i]) * static_cast<double>(cosines[pair]) +
                  other * static_cast<double>(sines[pair]));
  }
  return out;
}

}  // namespace pingjia::kernels
