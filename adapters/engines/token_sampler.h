#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "harness/spec/request.h"

struct llama_sampler;

namespace pingjia::adapters::engines {

/// Draws one sequence's tokens: the most likely at temperature 0, else from what top-k, then top-p
/// keep, at the temperature, with a generator of its own, so that the draws depend on nothing but
/// the logits and the seed.
class TokenSampler {
 public:
  explicit TokenSampler(const harness::Sampling& sampling);
  ~TokenSampler();
  TokenSampler(TokenSampler&&) noexcept;

  int draw(std::span<const float> logits);

 private:
  struct Free {
    void operator()(llama_sampler* sampler) const;
  };
  struct Candidates;

  std::unique_ptr<llama_sampler, Free> chain_;  ///< Null: greedy.
  std::unique_ptr<Candidates> candidates_;
};

/// Index of the largest value, the first of equals.
int most_likely(std::span<const float> logits);

/// Natural logarithm of softmax(logits)[token], summed in double.
double log_probability(std::span<const float> logits, int token);

}  // namespace pingjia::adapters::engines
