#pragma once

#include <functional>
#include <string>

#include "kernels/attention/shape.h"
#include "kernels/cuda/stream.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels::cuda {

/// Puts one attention call of a known shape on a stream. Pointers are the device's, bf16 by its
/// bits, tensors as AttentionShape says.
using PrefillWork = std::function<void(const std::uint16_t* q, const std::uint16_t* k,
                                       const std::uint16_t* v, std::uint16_t* out, Stream)>;

/// One implementation of prefill: ours or a library's.
struct PrefillMaker {
  std::string implementation;
  bool ours = false;
  std::string absent;  ///< Why it cannot run here, or not this shape; empty: it can.
  std::function<PrefillWork(const AttentionShape&)> make;
};

Case prefill_case(const std::string& op, const std::string& model, const AttentionShape& shape,
                  const PrefillMaker& maker);

/// Our decode over a cache in pages of 64 keys that lie in no order; with `values_in_keys`, of
/// latent attention. Queries are the newest tokens; several are `causal`.
Case paged_decode_case(const std::string& op, const std::string& model,
                       const AttentionShape& shape);

/// Ours, as "pingjia sm_80".
PrefillMaker our_prefill();
/// Ours for sm_90a.
PrefillMaker our_hopper_prefill();

}  // namespace pingjia::kernels::cuda
