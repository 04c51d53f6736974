#pragma once

#include <string>
#include <vector>

#include "kernels/moe/layer.h"

namespace pingjia::kernels {

/// A routing that was made up, and its memory.
struct MadeRouting {
  std::vector<std::int32_t> experts;
  std::vector<float> weights;

  Routing view() const { return {experts.data(), weights.data()}; }
};

/// Every token draws its experts without replacement, expert number r (from 1) with a chance in
/// proportion to r^-exponent: 0 is balanced, 1.2 is what tables of kernels call skewed
/// (AIConfigurator's power law). Weights are positive and sum to 1. Numbers of experts are
/// shuffled, so that the busy ones do not stand side by side. The same for the same arguments.
MadeRouting make_routing(const MoeShape& shape, double exponent, const std::string& stream);

}  // namespace pingjia::kernels
