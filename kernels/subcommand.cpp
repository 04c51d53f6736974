#include "kernels/subcommand.h"

#include <array>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/table.h"
#include "kernels/comparison/command.h"

namespace pingjia::kernels {

namespace {

using RunSubcommand = int (*)(std::span<const std::string> arguments, std::ostream& out);

constexpr std::array<harness::Row<RunSubcommand>, 1> kSubcommands{{
    {"compare", "two tables, row by row", run_compare},
}};

}  // namespace

std::optional<int> run_subcommand(int argc, char** argv) {
  // What starts with a dash is a flag of the measuring.
  if (argc < 2 || argv[1][0] == '-') return std::nullopt;
  try {
    const auto& row =
        harness::find_row<RunSubcommand>(kSubcommands, "subcommand", argv[1], "pingjia-kernels");
    const std::vector<std::string> arguments(argv + 2, argv + argc);
    return row.make(arguments, std::cout);
  } catch (const harness::Error& error) {
    std::cerr << "pingjia-kernels: " << error.what() << "\n";
    return 2;
  }
}

}  // namespace pingjia::kernels
