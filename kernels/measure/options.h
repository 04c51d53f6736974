#pragma once

#include <optional>
#include <string>
#include <vector>

namespace pingjia::kernels {

/// The flags of pingjia-kernels that are not Google Benchmark's.
struct Options {
  std::vector<std::string> models;  ///< --model=NAME,NAME or a config.json; empty: the standard ones.
  std::optional<double> budget;     ///< --budget=300s: seconds for all rows that the filter leaves.
  std::string out;                  ///< --out=DIR
  int threads = 0;                  ///< --threads=N; 0: one for each processor.
  std::vector<std::string> caches = {"hot", "cold"};  ///< --cache=hot|cold|both
  std::string filter = ".";         ///< --benchmark_filter, seen and left in place.
};

/// Takes them out of the arguments (the program's name first); what is left is Google Benchmark's.
/// Throws Error for a value that makes no sense.
Options take_options(std::vector<std::string>& arguments);

/// "300s", "5m", "300": seconds. Throws Error.
double parse_seconds(const std::string& text, const std::string& flag);

}  // namespace pingjia::kernels
