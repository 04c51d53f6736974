#include "harness/commands/cost.h"

#include <array>

#include "harness/base/error.h"
#include "harness/commands/cost_breakeven.h"
#include "harness/commands/cost_training.h"

namespace pingjia::harness {

namespace {

constexpr std::array<Row<int (*)(World&, std::span<const std::string>)>, 2> kCalculators{{
    {"breakeven", "an API against own GPUs", cost_breakeven},
    {"training", "what training costs, and what it must earn", cost_training},
}};

}  // namespace

int cost(World& world, std::span<const std::string> arguments) {
  if (arguments.empty()) {
    throw Error("pingjia cost", "needs a calculator", "name breakeven or training");
  }
  using Calculators = Table<int (*)(World&, std::span<const std::string>)>;
  const auto& row = find_row(Calculators(kCalculators), "calculator", arguments[0], "pingjia cost");
  return row.make(world, arguments.subspan(1));
}

std::string cost_help() {
  return usage_text(breakeven_usage()) + "\n" + usage_text(training_usage());
}

}  // namespace pingjia::harness
