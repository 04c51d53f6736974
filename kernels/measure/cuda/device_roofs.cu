#include "kernels/measure/cuda/device_roofs.h"

#include <algorithm>
#include <string>

#include "kernels/cuda/grid.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/mma.cuh"
#include "kernels/measure/cuda/memory.h"
#include "kernels/measure/cuda/timer.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kThreads = 512, kTries = 5;

__global__ void __launch_bounds__(kThreads)
    read_kernel(const uint4* from, std::int64_t count, int passes, unsigned* never) {
  unsigned sum = 0;
  const std::int64_t step = std::int64_t{gridDim.x} * kThreads;
  for (int pass = 0; pass < passes; ++pass) {
#pragma unroll 4
    for (std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += step) {
      // Past the first cache, which would answer the later passes.
      const uint4 value = __ldcg(from + i);
      sum ^= value.x ^ value.y ^ value.z ^ value.w;
    }
  }
  if (sum == 0x12345678) *never = sum;  // Else the compiler would leave the reads out.
}

__global__ void __launch_bounds__(kThreads)
    copy_kernel(const uint4* from, uint4* to, std::int64_t count) {
  const std::int64_t step = std::int64_t{gridDim.x} * kThreads;
#pragma unroll 4
  for (std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; i < count; i += step) {
    to[i] = from[i];
  }
}

constexpr int kChains = 8, kRounds = 4096;

__global__ void __launch_bounds__(128) multiply_kernel(float* never) {
  float sums[kChains][4] = {};
  // Not zeros: 1 and small fractions.
  const std::uint32_t value = 0x3f803c00u + threadIdx.x;
  const std::uint32_t a[4] = {value, value + 1, value + 2, value + 3};
  for (int round = 0; round < kRounds; ++round) {
#pragma unroll
    for (int i = 0; i < kChains; ++i) multiply(sums[i], a, value + i, value);
  }
  float sum = 0;
  for (int i = 0; i < kChains; ++i) sum += sums[i][0];
  if (sum == 1.2345f) *never = sum;
}

/// The best rate of a few tries, after one that does not count.
double rate_of(Timer& timer, double work, const Work& calls) {
  double best = 0;
  calls(timer.stream());
  timer.wait();
  for (int i = 0; i < kTries; ++i)
    best = std::max(best, work / timer.time(calls, 1, false).seconds);
  return best;
}

harness::KernelRoof bandwidth(const std::string& name, const Device& device, std::int64_t bytes,
                              int passes, Timer& timer) {
  const Memory from(bytes), to(bytes), never(4);
  const std::int64_t count = bytes / 16;
  const auto blocks = static_cast<unsigned>(4 * device.multiprocessors);
  const double read = rate_of(timer, static_cast<double>(bytes) * passes, [&](Stream stream) {
    read_kernel<<<blocks, kThreads, 0, stream>>>(from.as<uint4>(), count, passes,
                                                 never.as<unsigned>());
  });
  const double copy = rate_of(timer, 2.0 * static_cast<double>(bytes), [&](Stream stream) {
    copy_kernel<<<blocks, kThreads, 0, stream>>>(from.as<uint4>(), to.as<uint4>(), count);
  });
  const bool reads = read >= copy || passes > 1;
  return {.name = name,
          .value = reads ? read : copy,
          .unit = "B/s",
          .maker = std::string(reads ? "read of " : "copy of ") + std::to_string(bytes >> 20) +
                   " MiB on the device"};
}

/// Dense bf16 FLOP per clock and multiprocessor (data sheets of H100 and B200 over their clocks); 0
/// where mma.sync itself reaches the peak.
double flops_per_clock(int architecture) {
  if (architecture == 90) return 4096;
  if (architecture == 100 || architecture == 103) return 8192;
  return 0;
}

harness::KernelRoof arithmetic(const Device& device, Timer& timer) {
  if (const double per_clock = flops_per_clock(device.architecture); per_clock > 0) {
    int kilohertz = 0;
    check(cudaDeviceGetAttribute(&kilohertz, cudaDevAttrClockRate, 0), "read the clock's limit");
    return {.name = "bf16",
            .value = per_clock * device.multiprocessors * kilohertz * 1e3,
            .unit = "FLOP/s",
            .maker = "data sheet's rate per clock at the highest clock"};
  }
  const Memory never(4);
  const int blocks = 4 * device.multiprocessors;
  const double flops = 2.0 * 16 * 8 * 16 * kChains * kRounds * 4 * blocks;
  const double rate = rate_of(timer, flops, [&](Stream stream) {
    multiply_kernel<<<static_cast<unsigned>(blocks), 128, 0, stream>>>(never.as<float>());
  });
  return {.name = "bf16", .value = rate, .unit = "FLOP/s", .maker = "mma.sync loop on the device"};
}

}  // namespace

std::vector<harness::KernelRoof> measure_device_roofs(const Device& device) {
  Timer timer(device.multiprocessors, device.l2_bytes);
  const std::int64_t large = std::max(10 * device.l2_bytes, std::int64_t{1} << 30) / 16 * 16;
  return {bandwidth("dram", device, large, 1, timer),
          bandwidth("cache", device, device.l2_bytes / 4 / 16 * 16, 50, timer),
          arithmetic(device, timer)};
}

}  // namespace pingjia::kernels::cuda
