#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kernels/catalog/model_shape.h"
#include "kernels/gemm/device_grouped.h"
#include "kernels/measure/trial.h"
#include "kernels/processor/bf16.h"

namespace pingjia::kernels::cuda {

/// A grouped product of a model, with the tokens of its experts drawn.
struct GroupedCase {
  GroupedShape shape;
  Case row;  ///< Op, model, shape and FLOPs; not type, bytes, implementation and preparation.
  std::int64_t active_experts = 0;  ///< With a token or more.
};

/// gate_up and down for few tokens and for many; none of a model without experts.
std::vector<GroupedCase> grouped_cases(const ModelShape& model);

/// What is wrong with the rows `out` [rows, columns] of a product, by each expert's last token and
/// some others; nothing: they are right. `dot(row, expert, column)` is the definition. Padding
/// between the experts is nobody's result.
std::optional<std::string> grouped_fault(
    const GroupedShape& shape, std::span<const Bf16> out,
    const std::function<double(std::int64_t, std::int64_t, std::int64_t)>& dot);

}  // namespace pingjia::kernels::cuda
