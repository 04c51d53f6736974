#pragma once

#include <optional>

namespace pingjia::kernels {

/// Runs the subcommand that the first argument names (`compare`) and gives its exit code: 2 for
/// bad input, told in one line on standard error. Nothing where the first argument is none: then
/// the program measures.
std::optional<int> run_subcommand(int argc, char** argv);

}  // namespace pingjia::kernels
