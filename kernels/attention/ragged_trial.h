#pragma once

#include <string>
#include <vector>

#include "kernels/attention/shape.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels {

/// Causal prefill of prompts of different lengths, packed one behind the other without padding
/// ("varlen", as engines batch them). `one` is the shape of a single sequence, whose lengths do not
/// count. Ours takes all of them in one call; a library without such a call takes one sequence
/// after the other. Named "attention/varlen_prefill".
std::vector<Case> ragged_cases(const std::string& model, const AttentionShape& one,
                               const std::vector<std::int64_t>& lengths);

}  // namespace pingjia::kernels
