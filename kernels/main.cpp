#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/context.h"
#include "kernels/subcommand.h"

namespace {

// Shows what the default reporter shows, and remembers whether a kernel failed its check.
class CheckingReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override { return shown_->ReportContext(context); }
  void ReportRuns(const std::vector<Run>& runs) override {
    const auto failed = [](const Run& run) { return run.error_occurred; };
    failed_ = failed_ || std::any_of(runs.begin(), runs.end(), failed);
    shown_->ReportRuns(runs);
  }
  void Finalize() override { shown_->Finalize(); }

  bool failed() const { return failed_; }

 private:
  std::unique_ptr<BenchmarkReporter> shown_{benchmark::CreateDefaultDisplayReporter()};
  bool failed_ = false;
};

}  // namespace

// Kernels register themselves; this adds what a number is worth nothing without, and runs those
// that --benchmark_filter names. Exit 1 when a kernel failed its check, 2 for a flag that does not
// exist.
int main(int argc, char** argv) {
  if (const auto done = pingjia::kernels::run_subcommand(argc, argv)) return *done;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  for (const auto& [key, value] : pingjia::kernels::measurement_context()) {
    benchmark::AddCustomContext(key, value);
  }
  CheckingReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::Shutdown();
  return reporter.failed() ? 1 : 0;
}
