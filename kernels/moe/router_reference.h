#pragma once

#include <cstdint>
#include <span>

namespace pingjia::kernels {

/// How a layer chooses a token's experts from its logits; see RouterCall of moe/router_cuda.h for
/// what each means.
struct RoutingRule {
  std::int64_t tokens = 0, experts = 1, top_k = 1;
  bool sigmoid = false;
  bool normalised = true;
  double scale = 1;
  std::int64_t groups = 1, kept_groups = 1;
};

/// One token by the definition, in double precision: `chosen` and `weights` are [top_k], best
/// first, of equals the lower number. `bias` is empty or [experts].
void router_reference(const RoutingRule& shape, std::span<const float> logits,
                      std::span<const float> bias, std::span<std::int32_t> chosen,
                      std::span<double> weights);

}  // namespace pingjia::kernels
