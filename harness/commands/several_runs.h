#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/commands/world.h"
#include "harness/summary/report.h"

namespace pingjia::harness {

/// What a report shows of the runs in these directories, in their order: each as view_run() has it,
/// and the pairs of systems of different runs among the first `kMostCompared` systems. A directory
/// may hold a table of kernels too, or alone. Writes nothing.
std::vector<RunView> view_runs(const World& world, std::span<const std::string> directories);

}  // namespace pingjia::harness
