#include <benchmark/benchmark.h>

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "kernels/context.h"
#include "kernels/measure/session.h"
#include "kernels/subcommand.h"

namespace {

using namespace pingjia;

bool has(const std::vector<std::string>& arguments, const std::string& beginning) {
  for (const std::string& argument : arguments) {
    if (argument.starts_with(beginning)) return true;
  }
  return false;
}

/// Before the first row: a folder that cannot be made must not cost five minutes.
void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw harness::Error(folder, error.message(), "name another folder after --out");
}

/// Google Benchmark's own output goes into the folder too, unless it was sent elsewhere.
void add_output(const std::string& folder, std::vector<std::string>& arguments) {
  if (folder.empty() || has(arguments, "--benchmark_out=")) return;
  arguments.push_back("--benchmark_out=" + folder + "/benchmark.json");
  arguments.push_back("--benchmark_out_format=json");
}

std::vector<char*> pointers(std::vector<std::string>& arguments) {
  std::vector<char*> all;
  for (std::string& argument : arguments) all.push_back(argument.data());
  return all;
}

/// Exit 1 when a kernel's outputs were wrong or its time impossible, 2 for a flag that does not
/// exist.
int run(std::vector<std::string> arguments) {
  const kernels::Options options = kernels::take_options(arguments);
  if (has(arguments, "--help")) std::cout << kernels::kUsage;
  if (!options.out.empty()) make_folder(options.out);
  add_output(options.out, arguments);
  std::vector<char*> all = pointers(arguments);
  int count = static_cast<int>(all.size());
  benchmark::Initialize(&count, all.data());
  if (benchmark::ReportUnrecognizedArguments(count, all.data())) return 2;
  for (const auto& [key, value] : kernels::measurement_context()) {
    benchmark::AddCustomContext(key, value);
  }
  kernels::Session session(options);
  if (options.check_only) return session.check_rows() ? 0 : 1;
  session.add_rows();
  if (!has(arguments, "--benchmark_list_tests")) session.measure_roofs();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  if (!options.out.empty()) session.write(options.out);
  return session.failed() ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (const auto done = kernels::run_subcommand(argc, argv)) return *done;
  try {
    return run({argv, argv + argc});
  } catch (const harness::Error& error) {
    std::cerr << "pingjia-kernels: " << error.what() << '\n';
    return 2;
  }
}
