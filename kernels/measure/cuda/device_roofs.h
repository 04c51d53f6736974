#pragma once

#include <vector>

#include "harness/summary/kernel_table.h"
#include "kernels/measure/cuda/device.h"

namespace pingjia::kernels::cuda {

/// What the card reaches, measured now: "dram" and "cache" (bytes per second, the better of reading
/// and of copying an array of ten times, or a quarter of, the L2), "bf16" (FLOP per second of a
/// loop of mma.sync out of registers). Cards of sm_90 and sm_100 multiply faster by instructions of
/// their own; for these "bf16" is the data sheet's rate per clock at the highest clock.
std::vector<harness::KernelRoof> measure_device_roofs(const Device& device);

}  // namespace pingjia::kernels::cuda
