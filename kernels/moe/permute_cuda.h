#pragma once

#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// Where each choice of an expert goes when tokens are sorted by expert, each expert's rows padded
/// to whole blocks, as a grouped product needs them. A slot is one choice of one token: token * top
/// + i. The order of an expert's rows is that of its slots: the same in every run. All pointers are
/// the device's.
struct AlignCall {
  const int* chosen = nullptr;  ///< [slots]: experts; one out of range has its slot left out.
  int* row_of_slot = nullptr;   ///< [slots]: -1 for a slot that is left out.
  int* slot_of_row = nullptr;   ///< [align_rows()]: -1 for padding; written up to the last block.
  int* expert_of_block = nullptr;  ///< [align_rows() / block]
  int* blocks = nullptr;           ///< [1]: how many there are.
  int* scratch = nullptr;          ///< align_scratch() ints.
  int slots = 0;
  int experts = 1;  ///< At most 1,024.
  int block = 16;   ///< Rows of a block.
};

/// The most rows there can be.
int align_rows(int slots, int experts, int block);
std::int64_t align_scratch(const AlignCall& call);
void align(const AlignCall& call, Stream stream);

/// Rows of tokens to rows of experts: out[r] = in[slot_of_row[r] / top], zeros for padding.
struct PermuteCall {
  const std::uint16_t* in = nullptr;  ///< [tokens, width], bf16
  std::uint16_t* out = nullptr;       ///< [align_rows(), width]; written up to the last block.
  const int* slot_of_row = nullptr;
  const int* blocks = nullptr;
  int most_rows = 0;  ///< align_rows()
  int block = 16;
  int top = 1;
  int width = 8;  ///< A multiple of 8.
};
void permute(const PermuteCall& call, Stream stream);

/// And back: out[t] = the sum over i of weights[t, i] * in[row_of_slot[t top + i]], in fp32; slots
/// left out add nothing.
struct UnpermuteCall {
  const std::uint16_t* in = nullptr;  ///< [align_rows(), width], bf16
  std::uint16_t* out = nullptr;       ///< [tokens, width]
  const int* row_of_slot = nullptr;
  const float* weights = nullptr;  ///< [tokens, top]
  int tokens = 0;
  int top = 1;
  int width = 8;  ///< A multiple of 8.
};
void unpermute(const UnpermuteCall& call, Stream stream);

}  // namespace pingjia::kernels::cuda
