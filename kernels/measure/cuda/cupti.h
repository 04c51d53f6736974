#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pingjia::kernels::cuda {

/// When a kernel ran, in nanoseconds of the device's trace.
struct KernelSpan {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// Seconds in which at least one of them ran: what overlaps counts once, gaps do not count.
double busy_seconds(std::vector<KernelSpan> spans);

/// NVIDIA's tracing library (CUPTI, its activity API), opened at run time: when each kernel began
/// and ended by the device itself, free of what events and launches add.
class Cupti {
 public:
  /// Null where there is no such library, or it does not trace: no driver, a debugger attached, or
  /// another tracer at work. At most one at a time: its callbacks know no owner.
  static std::unique_ptr<Cupti> open(const std::vector<std::string>& names = {"libcupti.so.13",
                                                                              "libcupti.so.12"});
  ~Cupti();

  /// The kernels that ran while `work` did, in no order. `work` returns when the device is done.
  /// Throws std::runtime_error when the library lost some of them.
  std::vector<KernelSpan> trace(const std::function<void()>& work);

 private:
  struct Library;
  explicit Cupti(std::unique_ptr<Library> library);

  std::unique_ptr<Library> library_;
};

}  // namespace pingjia::kernels::cuda
