#pragma once

#include <string>

#include "kernels/attention/shape.h"
#include "kernels/measure/trial.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {

/// Ours over a paged cache: every sequence has a table of its pages of `page_size` keys, which
/// stand in no order in one pool, [page][page_size][kv heads][width]; with `sinks`, each head has a
/// score without a value. Named "attention/paged_decode".
Case paged_case(const std::string& model, const AttentionShape& shape, Isa isa,
                std::int64_t page_size, bool sinks);

}  // namespace pingjia::kernels
