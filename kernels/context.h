#pragma once

#include <map>
#include <string>

namespace pingjia::kernels {

/// What a row of kernel times is worth nothing without, as key and text: schema version, pingjia's
/// version, compiler, processor, caches, whether a CUDA kernel is compiled in. The program writes
/// it into the context of Google Benchmark's output.
std::map<std::string, std::string> measurement_context();

}  // namespace pingjia::kernels
