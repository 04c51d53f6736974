#pragma once

#include <vector>

#include "harness/summary/kernel_samples.h"
#include "kernels/measure/accelerator.h"
#include "kernels/measure/competing_load.h"
#include "kernels/measure/family.h"
#include "kernels/measure/measure.h"
#include "kernels/measure/options.h"

namespace benchmark {
class State;
}

namespace pingjia::kernels {

/// One call of the program: plans its rows, hands them to Google Benchmark, keeps what they gave.
class Session {
 public:
  explicit Session(const Options& options);

  /// Registers with Google Benchmark each row that can run here, called kernel_row_name. Rows of
  /// what is absent are kept at once. Throws Error when the filter leaves nothing.
  void add_rows();

  /// Runs each row once and prints its name behind "ok", "absent" or "failed"; whether none failed.
  /// Nothing is timed or kept.
  bool check_rows();

  /// Measured now, as they need seconds that nothing else should share. Before the first row.
  void measure_roofs();

  /// Writes kernels.json and kernels.samples into the folder.
  void write(const std::string& folder);

  /// Whether a row's outputs were wrong or its time was impossible.
  bool failed() const;

 private:
  struct Planned {
    Case wanted;
    std::string cache;
  };

  std::vector<Planned> plan() const;
  void run(const Planned& planned, benchmark::State& state);
  /// A row over a roof: perhaps the roof was measured while somebody else ran.
  void judge_again(harness::KernelRow& row);
  void keep(const Measured& measured);
  double seconds_left() const;  ///< Of the budget, which there is.
  /// What filling the row's memory will take, about; nothing for rows that do not fit.
  double filling_seconds(const Case& wanted) const;
  StopRule rule_for(const Case& wanted) const;

  Options options_;
  Threads threads_;
  const Accelerator* accelerator_ = nullptr;  ///< Null: the processor is measured.
  Bench bench_;
  std::vector<Planned> planned_;
  std::size_t rows_left_ = 0;
  double filling_left_ = 0;  ///< Sum of filling_seconds over the rows left.
  double begin_ = 0;
  ProcessorTime load_;
  harness::StoredKernels kept_;
};

/// Models whose shapes the table has when none is named: a dense one, one of many small experts,
/// and one with latent attention.
inline constexpr const char* kStandardModels[] = {"Llama-3.1-8B", "Qwen3-30B-A3B", "DeepSeek-V3"};

}  // namespace pingjia::kernels
