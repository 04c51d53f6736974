#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "kernels/measure/cuda/memory.h"
#include "kernels/measure/cuda/timer.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels::cuda {

/// An operand in several copies, among which cold rows rotate.
class Rotating {
 public:
  Rotating() = default;
  Rotating(std::span<const std::byte> bytes, int copies);
  /// For what a call writes, too: caches.
  template <class T>
  T* writable(int copy) const {
    return copies_[static_cast<std::size_t>(copy) % copies_.size()].as<T>();
  }
  template <class T>
  const T* as(int copy) const {
    return writable<T>(copy);
  }
  bool is_intact() const;

 private:
  std::vector<Memory> copies_;
};

/// An op on the first device. Samples are graphs of calls between two events behind a kernel that
/// waits for the host: hot rows call one copy of the operands again and again, cold ones the next
/// copy each time, until five times the L2 lie between two uses; where memory is too short for
/// that, single calls after a flush.
class DeviceTrial : public Trial {
 public:
  void run() final;
  std::vector<std::span<const std::byte>> operands() const final { return {}; }
  std::optional<std::vector<Sample>> own_samples(bool cold, const StopRule& rule) final;
  /// "events": two events around one launch, of hot rows. "cupti": only the time in which kernels
  /// ran, where the library traces.
  std::map<std::string, double> other_clocks(bool cold) final;
  std::optional<double> joules(bool cold) final;

 protected:
  /// `operand_bytes` is what one call reads.
  explicit DeviceTrial(std::int64_t operand_bytes);

  /// Puts one call on the stream, which reads copy `copy` of the operands.
  virtual void enqueue(int copy, Stream stream) = 0;
  int copies() const { return copies_; }

 private:
  /// How calls are put into one sample.
  struct Plan {
    int calls = 1;
    bool flushed = false;
  };
  Plan plan(bool cold);
  std::optional<double> traced_seconds(bool cold);
  Work calls_of(int calls, bool cold);
  bool is_rotated() const;

  std::int64_t operand_bytes_;
  int copies_;
};

/// The timer of the first device, made at the first use. Throws harness::Error when there is none.
Timer& device_timer();

/// One that is thrown away, then as many as the rule asks for.
std::vector<Sample> samples_until(const StopRule& rule, const std::function<Sample()>& take);

}  // namespace pingjia::kernels::cuda
