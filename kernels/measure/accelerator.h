#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/summary/kernel_table.h"

namespace pingjia::kernels {

/// A device beside the processor, for --device=NAME: what a session needs to know of it. Trials on
/// it take their own samples (Trial::own_samples).
struct Accelerator {
  std::string name;    ///< "cuda"
  std::string notice;  ///< Said on standard error before the first row, and in the context.
  /// Why it cannot be used; empty: it can. Asked before all others.
  std::function<std::string()> absent;
  std::function<std::vector<harness::KernelRoof>()> roofs;
  std::function<std::map<std::string, std::string>()> context;
  std::function<std::int64_t()> cache_bytes;
  std::function<std::int64_t()> memory_bytes;  ///< That trials may take.
};

/// Adds one; called before main. True, so that a variable can hold the call.
bool add_accelerator(Accelerator accelerator);

/// The one of that name, usable here. Throws Error when it was not compiled in or is absent.
const Accelerator& find_accelerator(const std::string& name);

}  // namespace pingjia::kernels
