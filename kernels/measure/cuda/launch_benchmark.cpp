#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/cuda/launch_probe.h"
#include "kernels/measure/cuda/rotation.h"
#include "kernels/measure/family.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kMark = 20250607;

/// What every kernel pays on the device before and after its work: calls of nothing one behind the
/// other, as nodes of a graph or as launches on a stream. The host's own time is in neither.
class LaunchTrial final : public Trial {
 public:
  explicit LaunchTrial(bool in_graph) : in_graph_(in_graph), ran_(4) {}

  void run() override {
    launch_probe(kMark, ran_.as<int>(), device_timer().stream());
    device_timer().wait();
  }
  std::optional<std::string> check() override {
    if (!ran_.is_intact()) return "wrote beside its buffers";
    if (on_host<int>(ran_).front() != kMark) return "the kernel did not run";
    return std::nullopt;
  }
  std::vector<std::span<const std::byte>> operands() const override { return {}; }

  std::optional<std::vector<Sample>> own_samples(bool /*cold*/, const StopRule& rule) override {
    constexpr int kCalls = kMostQueued;
    Timer& timer = device_timer();
    run();
    const Work calls = [this](Stream stream) {
      for (int i = 0; i < kCalls; ++i) launch_probe(kMark, ran_.as<int>(), stream);
    };
    const Graph graph(timer.stream(), calls);
    const Work replay = [&](Stream stream) { graph.launch(stream); };
    return samples_until(rule,
                         [&] { return timer.time(in_graph_ ? replay : calls, kCalls, false); });
  }

 private:
  bool in_graph_;
  Memory ran_;
};

std::vector<Case> cases_of(const ModelShape&) {
  std::vector<Case> cases;
  for (const bool in_graph : {true, false}) {
    Case wanted;
    wanted.row.op = "processor/launch";
    wanted.row.type = "none";
    wanted.row.model = "any";
    wanted.row.implementation = in_graph ? "pingjia graph" : "pingjia stream";
    wanted.row.ours = true;
    wanted.prepare = [in_graph](Threads&) { return std::make_unique<LaunchTrial>(in_graph); };
    cases.push_back(wanted);
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "processor/launch", .cases = cases_of, .per_model = false, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
