#pragma once

#include <span>

#include "kernels/attention/problem.h"
#include "kernels/attention/shape.h"

namespace pingjia::kernels {

/// softmax(q k^T / sqrt(key_width)) v, written for the reader and not for speed: what every other
/// attention kernel is compared with. All arithmetic in `Real`; the softmax subtracts the row's
/// maximum, so that no finite score overflows. A query that sees no key gives zeros. The spans have
/// the shape's element counts; `out` overlaps none of the others. For float and double.
template <class Real>
void attention_reference(const AttentionShape& shape, std::span<const Real> q,
                         std::span<const Real> k, std::span<const Real> v, std::span<Real> out);

/// The outputs of one row of a problem, [value width], in double precision: for outputs too many to
/// be all computed twice.
void attention_row_reference(const AttentionProblem& problem, std::int64_t row,
                             std::int64_t key_width, std::int64_t value_width, double* out);

}  // namespace pingjia::kernels
