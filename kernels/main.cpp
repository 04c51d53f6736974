#include <benchmark/benchmark.h>

#include "kernels/context.h"

// Kernels register themselves; this adds what a number is worth nothing without, and runs those
// that --benchmark_filter names. Exit 2 for a flag that does not exist.
int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const auto& [key, value] : pingjia::kernels::measurement_context()) {
    benchmark::AddCustomContext(key, value);
  }
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
