#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pingjia::kernels {

/// The flags of pingjia-kernels that are not Google Benchmark's.
struct Options {
  std::vector<std::string> models;  ///< --model=NAME,NAME or a config.json; empty: standard ones.
  std::optional<double> budget;     ///< --budget=300s: for all rows that the filter leaves.
  std::string out;                  ///< --out=DIR
  int threads = 0;                  ///< --threads=N; 0: one for each processor.
  std::vector<std::string> caches;  ///< --cache=hot|cold|both; empty: what suits the row.
  std::string device = "cpu";       ///< --device=cuda: another one of accelerator.h.
  bool check_only = false;          ///< --check=only: each row runs once, and nothing is timed.
  bool every_isa = false;           ///< --isa=all: not only the best one that is here.
  std::string filter = ".";         ///< --benchmark_filter; left in place for Google Benchmark.
};

/// Takes them out of `arguments` (the program's name first); what is left is Google Benchmark's.
/// Throws harness::Error for a value that makes no sense.
Options take_options(std::vector<std::string>& arguments);

/// The text that `pingjia-kernels --help` begins with.
extern const char* const kUsage;

}  // namespace pingjia::kernels
