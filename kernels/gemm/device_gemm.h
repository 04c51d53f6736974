#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernels/cuda/stream.h"
#include "kernels/gemm/dense.h"
#include "kernels/maker.h"

namespace pingjia::kernels::cuda {

/// A linear layer on the device: out[rows][columns] = a[rows][k] times the transpose of
/// weights[columns][k], bf16 by its bits, sums in fp32. `a` and `out` have room for rows rounded up
/// to kRowsRoom.
class DeviceGemm {
 public:
  static constexpr std::int64_t kRowsRoom = 128;

  virtual ~DeviceGemm() = default;
  virtual void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
                       Stream stream) = 0;
  /// Before the first call: tries what it can choose among, on operands like those to come.
  virtual void tune(const std::uint16_t* /*a*/, const std::uint16_t* /*weights*/,
                    std::uint16_t* /*out*/) {}
};

using DeviceGemmMaker = Maker<DeviceGemm, const GemmShape&>;

/// The grouped product of one expert, as "pingjia sm_80".
DeviceGemmMaker our_device_gemm();

/// gemm/skinny_cuda.h's, of up to 16 rows, as "pingjia skinny".
DeviceGemmMaker our_skinny_gemm();

/// cuBLASLt's: the fastest of the 16 that its heuristics put first.
DeviceGemmMaker cublaslt_gemm();

}  // namespace pingjia::kernels::cuda
