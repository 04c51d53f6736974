#include <benchmark/benchmark.h>

// A kernel that fails its check, and one that does not: the program must say so by its exit code.
namespace {

void fails(benchmark::State& state) {
  state.SkipWithError("differs from the reference");
}

void passes(benchmark::State& state) {
  for (auto _ : state) {
  }
}

BENCHMARK(fails)->Name("test/fails");
BENCHMARK(passes)->Name("test/passes")->Iterations(1);

}  // namespace
