#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/layer/decoder_layer.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels {

/// What trials of a decode step share, whatever they run on.

/// Random weights, scaled so that every product's outputs have the size of its inputs; the same for
/// the same model.
struct MadeDecoderWeights {
  explicit MadeDecoderWeights(const ModelShape& model);
  DecoderWeights view() const;

  std::vector<Bf16> qkv, o, gate_up, down, gain;
};

/// The row layer/decode_step of a dense model, with its work; without implementation and trial.
Case decoder_case(const ModelShape& model, std::int64_t batch, std::int64_t length);

/// Nothing when a step's output is close to another's, else what is wrong.
std::optional<std::string> decoder_fault(std::span<const Bf16> out, std::span<const Bf16> expected);

}  // namespace pingjia::kernels
