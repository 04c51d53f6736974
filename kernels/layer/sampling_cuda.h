#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// The draw of a token from each row of logits, by the rule of layer/sampling.h: the most likely
/// top_k, of them the nucleus of top_p, summed from the most likely down; of equal logits the first
/// comes first. All pointers are the device's; tensors dense and row-major.
struct SampleCall {
  const float* logits = nullptr;     ///< [rows, vocabulary]; finite.
  const double* uniforms = nullptr;  ///< [rows], in [0, 1): what draws the token.
  int* tokens = nullptr;             ///< [rows]
  int* scratch = nullptr;            ///< sample_scratch() ints; not needed for none.
  int rows = 1;
  int vocabulary = 1;     ///< At most 2^23.
  float temperature = 1;  ///< Above 0.
  int top_k = 0;          ///< 0: all; 1: the most likely token, whatever the number.
  float top_p = 1;
};

/// Puts the draw on the stream: one block for each row, behind many that look for the most likely
/// where top_k is from 1 to 1,024 and the vocabulary large. Chances are counted in whole 2^-40 of
/// the most likely token's, so that their sums, and with them the tokens, are the same in any order
/// of the threads; what is less likely is never drawn. Throws std::invalid_argument for a rule or a
/// vocabulary it does not have.
void sample_tokens(const SampleCall& call, Stream stream);

/// Ints of `scratch`.
std::int64_t sample_scratch(const SampleCall& call);

}  // namespace pingjia::kernels::cuda
