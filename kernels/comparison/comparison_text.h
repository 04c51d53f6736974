#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "kernels/comparison/table_comparison.h"

namespace pingjia::kernels {

/// For people: a line per row, those that changed first; then what was not compared, and a summary.
std::string comparison_text(const TableComparison& comparison);

/// The same with schema_version 1.
nlohmann::json comparison_json(const TableComparison& comparison);

}  // namespace pingjia::kernels
