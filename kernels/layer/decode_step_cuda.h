#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/cuda/stream.h"

namespace pingjia::kernels::cuda {

/// What the time and the memory of a decode step follow from.
struct DecodeStepShape {
  int batch = 1;    ///< Sequences, with one new token each.
  int longest = 1;  ///< Keys of the longest, the new token's among them.
  int hidden = 8;   ///< A multiple of 8, as `intermediate`.
  int query_heads = 1;
  int kv_heads = 1;
  int width = 64;  ///< Of a head: 64 or 128.
  int intermediate = 8;
  int most_pages = 1;
  int page_size = 16;       ///< A multiple of 16.
  int multiprocessors = 1;  ///< Of the device.
};

/// One decode step through one layer of a dense decoder, as layer/decoder_layer.h has it for the
/// processor: norm, qkv, RoPE, cache write, attention over the cache, o and sum, norm, gate_up,
/// SwiGLU, down and sum. All pointers are the device's, on 16 bytes; bf16 by its bits; tensors
/// dense and row-major. A call changes the cache's places of the new tokens and `out` alone: the
/// same call again gives the same.
struct DecodeStepCall {
  DecodeStepShape shape;
  const std::uint16_t* x = nullptr;        ///< [batch, hidden]
  std::uint16_t* out = nullptr;            ///< [batch, hidden]
  const std::uint16_t* qkv = nullptr;      ///< [(query_heads + 2 kv_heads) width, hidden]
  const std::uint16_t* o = nullptr;        ///< [hidden, query_heads width]
  const std::uint16_t* gate_up = nullptr;  ///< [2 intermediate, hidden]: gate, then up.
  const std::uint16_t* down = nullptr;     ///< [hidden, intermediate]
  const std::uint16_t* attention_gain = nullptr;
  const std::uint16_t* mlp_gain = nullptr;
  const float* cosines = nullptr;        ///< [positions, width / 2]
  const float* sines = nullptr;          ///< [positions, width / 2]
  const int* positions = nullptr;        ///< [batch]: of the new tokens.
  const int* lengths = nullptr;          ///< [batch]: positions + 1.
  const int* pages = nullptr;            ///< [batch, most_pages], as in paged_decode_cuda.h.
  std::uint16_t* key_pages = nullptr;    ///< [pages, page_size, kv_heads, width]
  std::uint16_t* value_pages = nullptr;  ///< The same.
  std::byte* workspace = nullptr;        ///< decode_step_workspace() bytes.
  /// For a batch over 16, whose products are those of one expert: [(batch + 63) / 64] zeros, and
  /// how many they are.
  const int* expert_of_block = nullptr;
  const int* blocks = nullptr;
};

/// Puts the launches on the stream and does nothing else, so that a graph can record them. Throws
/// std::invalid_argument for a shape one of the kernels does not have.
void decode_step(const DecodeStepCall& call, Stream stream);

std::int64_t decode_step_workspace(const DecodeStepShape& shape);

}  // namespace pingjia::kernels::cuda
