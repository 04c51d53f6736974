#include <atomic>

#include "kernels/measure/family.h"
#include "kernels/measure/function_trial.h"

namespace pingjia::kernels {
namespace {

/// What every call of ours pays before and after its work: the threads are told, each takes a task
/// of nothing, and the caller learns that all have. The op of a GPU called kernel launch.
std::unique_ptr<Trial> launch_trial(Threads& threads) {
  const auto ran = std::make_shared<std::atomic<std::int64_t>>(0);
  const auto calls = std::make_shared<std::int64_t>(0);
  return std::make_unique<FunctionTrial>(TrialFunctions{
      .run =
          [ran, calls, &threads] {
            ++*calls;
            threads.run(threads.count(),
                        [&](std::int64_t, int) { ran->fetch_add(1, std::memory_order_relaxed); });
          },
      .check = [ran, calls, &threads]() -> std::optional<std::string> {
        if (ran->load() == *calls * threads.count()) return std::nullopt;
        return "a task did not run once";
      },
      .operands = [] { return std::vector<std::span<const std::byte>>(); }});
}

std::vector<Case> cases_of(const ModelShape&) {
  Case wanted;
  wanted.row.op = "processor/launch";
  wanted.row.type = "none";
  wanted.row.model = "any";
  wanted.row.implementation = "pingjia";
  wanted.row.ours = true;
  wanted.prepare = launch_trial;
  return {wanted};
}

[[maybe_unused]] const bool kAdded = add_family({"processor/launch", cases_of, false});

}  // namespace
}  // namespace pingjia::kernels
