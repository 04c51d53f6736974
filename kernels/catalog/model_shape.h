#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pingjia::kernels {

/// Experts in place of a layer's MLP, each a gated MLP of three matrices.
struct Moe {
  enum class Scoring { kSoftmax, kSigmoid };

  std::int64_t experts = 0;
  std::int64_t top_k = 0;                ///< Routed experts that a token visits.
  std::int64_t intermediate = 0;         ///< Width inside one routed expert.
  std::int64_t shared_intermediate = 0;  ///< Of all shared experts together; 0: there are none.
  Scoring scoring = Scoring::kSoftmax;
  std::int64_t groups = 1;        ///< Experts stand in so many groups,
  std::int64_t top_groups = 1;    ///< of which a token chooses so many before it chooses experts.
  double scale = 1;               ///< Of the routed experts' sum.
  std::int64_t dense_layers = 0;  ///< Layers with a plain MLP instead.
};

/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434): a token's keys and values are one
/// vector of kv_lora + rope.
struct Mla {
  std::int64_t q_lora = 0;  ///< 0: queries are not compressed.
  std::int64_t kv_lora = 0;
  std::int64_t nope = 0;   ///< Width per head of the part of a key without position,
  std::int64_t rope = 0;   ///< of the part with it, one for all heads,
  std::int64_t value = 0;  ///< and of a value.
};

/// Some layers see only the newest tokens.
struct SlidingWindow {
  std::int64_t width = 0;   ///< Tokens.
  std::int64_t layers = 0;  ///< How many layers do.
};

/// The widths and counts of a decoder that its kernels' shapes follow from.
struct ModelShape {
  std::string name;
  std::vector<std::string> aliases;
  std::string source;  ///< Where the figures are from.
  std::int64_t hidden = 0;
  std::int64_t layers = 0;
  std::int64_t query_heads = 0;
  std::int64_t kv_heads = 0;      ///< Divides query_heads.
  std::int64_t head_width = 0;    ///< Of queries and keys; of values too, except with `mla`.
  std::int64_t intermediate = 0;  ///< Width inside the MLP of a layer that is not `moe`.
  std::int64_t vocabulary = 0;
  bool gated = true;   ///< The MLP has three matrices (SwiGLU and its like), else two.
  bool tied = false;   ///< The embedding is the output matrix too.
  bool sinks = false;  ///< One learned score per head beside the keys' (gpt-oss).
  std::optional<Moe> moe;
  std::optional<Mla> mla;
  std::optional<SlidingWindow> window;

  /// Weights of all matrices. Norms, biases and sinks, below 0.1 % of the published counts, are
  /// left out, and so are layers for predicting several tokens (DeepSeek's MTP).
  std::int64_t parameters() const;

  /// Of them those that one token meets: routed experts it does not visit are left out, and so is
  /// an embedding of its own, of which it reads one row (the convention of arXiv 2508.10925).
  std::int64_t active_parameters() const;

  /// Numbers that one token leaves in the caches of keys and values while no window has passed it:
  /// layers * 2 * kv_heads * head_width, with `mla` layers * (kv_lora + rope).
  std::int64_t kv_elements_per_token() const;

  /// Numbers that the caches of a sequence of so many tokens hold: layers with a window keep no
  /// more than its width.
  std::int64_t kv_elements(std::int64_t tokens) const;
};

}  // namespace pingjia::kernels
