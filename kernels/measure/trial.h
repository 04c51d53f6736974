#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "harness/summary/kernel_table.h"
#include "kernels/measure/sampling.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// One op on one shape by one implementation, with its buffers filled: inputs of standard normals
/// (zeros run 12 to 15 % faster on devices that save power on them), outputs of NaN.
class Trial {
 public:
  virtual ~Trial() = default;

  /// The call that is timed. Repeatable: every call reads the same inputs and writes the same
  /// outputs.
  virtual void run() = 0;

  /// After run(): nothing when the outputs are right and no byte around them was written, else one
  /// line that says what is wrong.
  virtual std::optional<std::string> check() = 0;

  /// The memory that run() reads, to be thrown out of the caches before each sample of a cold row.
  virtual std::vector<std::span<const std::byte>> operands() const = 0;

  /// Of work on a device with a clock of its own: its samples, until `rule` is content. Nothing:
  /// the processor's clock around run() is right.
  virtual std::optional<std::vector<Sample>> own_samples(bool /*cold*/, const StopRule& /*rule*/) {
    return std::nullopt;
  }
  /// Seconds of one call by each other clock that times it (a device's trace, a single launch), by
  /// name: what they and own_samples() disagree on is a launch's cost, or an error of one of them.
  virtual std::map<std::string, double> other_clocks(bool /*cold*/) { return {}; }
  /// Board energy of one call, idle power in it; nothing where no meter is. Takes over a second.
  virtual std::optional<double> joules(bool /*cold*/) { return std::nullopt; }
};

/// Thrown by Case::prepare where an implementation turns out not to have the shape: its row is
/// absent, for the reason it tells.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A row before it is measured.
struct Case {
  /// Its name and its work: op, type, model, shape, implementation, ours, flops and bytes are set.
  harness::KernelRow row;
  /// Not empty: this implementation cannot run here, and why ("libdnnl.so.2 is not installed").
  std::string absent;
  /// Memory that the trial will hold, about; rows over the machine's are marked absent.
  double memory_bytes = 0;
  /// How the op runs in a model: "cold" where its weights or its cache come from memory at every
  /// call (decode), "hot" where they are used again and again (prefill). --cache asks for others.
  std::string cache = "hot";
  std::function<std::unique_ptr<Trial>(Threads&)> prepare;
};

}  // namespace pingjia::kernels
