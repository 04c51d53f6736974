#include "kernels/layer/sampling.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace pingjia::kernels {
namespace {

/// The `count` most likely tokens, likely ones first.
std::vector<std::int32_t> most_likely(std::span<const float> logits, std::size_t count) {
  std::vector<std::int32_t> tokens(logits.size());
  std::iota(tokens.begin(), tokens.end(), 0);
  const auto before = [&](std::int32_t a, std::int32_t b) {
    const float x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
    return x > y || (x == y && a < b);
  };
  const auto end = tokens.begin() + static_cast<std::ptrdiff_t>(count);
  if (count < tokens.size()) std::nth_element(tokens.begin(), end, tokens.end(), before);
  std::sort(tokens.begin(), end, before);
  tokens.resize(count);
  return tokens;
}

}  // namespace

std::int32_t sample_token(std::span<const float> logits, const SamplingRule& rule, double uniform) {
  const auto all = static_cast<std::int64_t>(logits.size());
  const std::int64_t kept = rule.top_k > 0 ? std::min(rule.top_k, all) : all;
  const auto tokens = most_likely(logits, static_cast<std::size_t>(kept));
  const float highest = logits[static_cast<std::size_t>(tokens.front())];
  std::vector<double> chances;
  double total = 0;
  for (const std::int32_t token : tokens) {
    const float below = (logits[static_cast<std::size_t>(token)] - highest) / rule.temperature;
    chances.push_back(std::exp(static_cast<double>(below)));
    total += chances.back();
  }
  // The nucleus: as few as reach top_p.
  const double wanted = total * static_cast<double>(rule.top_p);
  std::size_t count = 0;
  double nucleus = 0;
  while (count < chances.size() && (count == 0 || nucleus < wanted)) nucleus += chances[count++];
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += chances[i];
    if (uniform * nucleus < sum) return tokens[i];
  }
  return tokens[count - 1];
}

}  // namespace pingjia::kernels
