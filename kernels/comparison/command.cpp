#include "kernels/comparison/command.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "harness/base/error.h"
#include "harness/commands/arguments.h"
#include "kernels/comparison/comparison_text.h"

namespace pingjia::kernels {

namespace {

const harness::CommandUsage kUsage{
    "compare",
    "A.json B.json",
    2,
    2,
    "Compares two tables of kernels row by row: FAST, SLOW, SAME or UNCLEAR, in time and in "
    "cycles.\nExit 1 when a row is SLOW, or fails its check in B. Method: "
    "kernels/comparison/README.md.",
    {{"json", "", "as JSON"}, {"help", "", "print this"}}};

}  // namespace

int run_compare(std::span<const std::string> raw, std::ostream& out) {
  if (std::find(raw.begin(), raw.end(), "--help") != raw.end()) {
    out << "usage: pingjia-kernels compare A.json B.json [--json]\n\n" << kUsage.help << "\n";
    return 0;
  }
  const harness::Arguments arguments(kUsage, raw);
  const auto& files = arguments.positionals();
  const auto a = harness::read_kernels(files[0]);
  const auto b = harness::read_kernels(files[1]);
  const auto comparison = compare_tables(a, b);
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
