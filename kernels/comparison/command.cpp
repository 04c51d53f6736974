#include "kernels/comparison/command.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>
#include <sstream>
#include <vector>

#include "harness/base/error.h"
#include "harness/commands/arguments.h"
#include "kernels/comparison/comparison_text.h"

namespace pingjia::kernels {

namespace {

const harness::CommandUsage kUsage{
    "compare",
    "A.json[,A.json...] B.json[,B.json...]",
    2,
    2,
    "Compares two tables of kernels row by row: FAST, SLOW, SAME or UNCLEAR, in time and in "
    "cycles. Several runs of a side, between commas, that took turns with the other's tell a slow "
    "run from a slow program.\nExit 1 when a row is SLOW, or fails its check in B. Method: "
    "kernels/comparison/README.md.",
    {{"json", "", "as JSON"}, {"help", "", "print this"}}};

/// Tables between commas; a name that exists with its comma is one table.
Side read_side(const std::string& names) {
  std::vector<harness::StoredKernels> runs;
  if (std::filesystem::exists(names)) {
    runs.push_back(harness::read_kernels(names));
    return side_of(runs);
  }
  std::istringstream list(names);
  for (std::string name; std::getline(list, name, ',');) {
    if (!name.empty()) runs.push_back(harness::read_kernels(name));
  }
  if (runs.empty())
    throw harness::Error("compare", "a side names no table", "give its kernels.json");
  return side_of(runs);
}

}  // namespace

int run_compare(std::span<const std::string> raw, std::ostream& out) {
  if (std::find(raw.begin(), raw.end(), "--help") != raw.end()) {
    out << "usage: pingjia-kernels compare " << kUsage.positionals << " [--json]\n\n"
        << kUsage.help << "\n";
    return 0;
  }
  const harness::Arguments arguments(kUsage, raw);
  const auto& files = arguments.positionals();
  const auto comparison = compare_sides(read_side(files[0]), read_side(files[1]));
  if (comparison.rows.empty() && comparison.not_compared.empty()) {
    throw harness::Error(files[0] + " and " + files[1], "have no row in common",
                         "compare tables of the same kernels and shapes");
  }
  if (arguments.has("json")) {
    out << comparison_json(comparison).dump(2) << "\n";
  } else {
    out << comparison_text(comparison);
  }
  return comparison.failed() ? 1 : 0;
}

}  // namespace pingjia::kernels
