#pragma once

#include <iosfwd>
#include <span>
#include <string>

namespace pingjia::kernels {

/// `pingjia-kernels compare A.json B.json [--json]`. A and B are kernels.json files or the folders
/// that hold them, each with its samples beside it. 0: nothing is slower; 1: a row is SLOW, or
/// fails its check in B; bad input throws harness::Error.
int run_compare(std::span<const std::string> arguments, std::ostream& out);

}  // namespace pingjia::kernels
