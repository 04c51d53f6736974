#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pingjia::harness {

/// The machine's processors and memory, as the kernel shows them. Unknown is empty.
struct Processor {
  std::optional<std::string> model;
  std::optional<int> logical_cores;            ///< Hardware threads that are online.
  std::optional<int> physical_cores;           ///< Unknown where the kernel names no cores.
  std::vector<std::string> vector_extensions;  ///< "avx2", "avx512f", "amx_bf16", "neon", …
  std::optional<double> memory_gib;
  bool virtual_machine = false;  ///< A hypervisor says so: clocks and meters may be hidden.
};

/// Reads cpuinfo and meminfo under `proc`.
Processor read_processor(const std::filesystem::path& proc = "/proc");

}  // namespace pingjia::harness
