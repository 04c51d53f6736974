#include "adapters/engines/token_sampler.h"

#include <llama.h>

#include <algorithm>
#include <cmath>

namespace pingjia::adapters::engines {

struct TokenSampler::Candidates {
  std::vector<llama_token_data> data;
};

void TokenSampler::Free::operator()(llama_sampler* sampler) const {
  llama_sampler_free(sampler);
}

TokenSampler::TokenSampler(const harness::Sampling& sampling) {
  if (sampling.temperature <= 0) {
    return;
  }
  candidates_ = std::make_unique<Candidates>();
  chain_.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  if (sampling.top_k > 0) {
    llama_sampler_chain_add(chain_.get(), llama_sampler_init_top_k(sampling.top_k));
  }
  if (sampling.top_p < 1) {
    const auto top_p = static_cast<float>(sampling.top_p);
    llama_sampler_chain_add(chain_.get(), llama_sampler_init_top_p(top_p, 1));
  }
  const auto temperature = static_cast<float>(sampling.temperature);
  llama_sampler_chain_add(chain_.get(), llama_sampler_init_temp(temperature));
  auto seed = static_cast<std::uint32_t>(sampling.seed ^ (sampling.seed >> 32));
  if (seed == LLAMA_DEFAULT_SEED) {
    seed = 0;  // llama.cpp reads that one number as "draw a seed".
  }
  llama_sampler_chain_add(chain_.get(), llama_sampler_init_dist(seed));
}

TokenSampler::~TokenSampler() = default;
TokenSampler::TokenSampler(TokenSampler&&) noexcept = default;

int TokenSampler::draw(std::span<const float> logits) {
  if (!chain_) {
    return most_likely(logits);
  }
  auto& data = candidates_->data;
  data.resize(logits.size());
  for (std::size_t i = 0; i < logits.size(); ++i) {
    data[i] = {static_cast<llama_token>(i), logits[i], 0.0F};
  }
  llama_token_data_array array{data.data(), data.size(), -1, false};
  llama_sampler_apply(chain_.get(), &array);
  const llama_token token = array.data[array.selected].id;
  llama_sampler_accept(chain_.get(), token);
  return token;
}

int most_likely(std::span<const float> logits) {
  // Two passes: the first is one the compiler can vectorise.
  float best = logits[0];
  for (const float value : logits) {
    best = value > best ? value : best;
  }
  return static_cast<int>(std::find(logits.begin(), logits.end(), best) - logits.begin());
}

double log_probability(std::span<const float> logits, int token) {
  const double most = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (const float value : logits) {
    sum += std::exp(static_cast<double>(value) - most);
  }
  return static_cast<double>(logits[static_cast<std::size_t>(token)]) - most - std::log(sum);
}

}  // namespace pingjia::adapters::engines
