#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernels/cuda/stream.h"
#include "kernels/maker.h"

namespace pingjia::kernels::cuda {

/// Products of a layer's experts on the device, each with its own count of tokens. Rows of expert e
/// begin at first[e] in a [rows, k] and out [rows, columns], and are counts[e]; starts are whole
/// blocks, so that ours can run. weights [experts, columns, k].
struct GroupedShape {
  std::vector<int> counts;
  int block = 128;
  std::int64_t columns = 8, k = 8;

  std::vector<int> starts() const;  ///< One more than there are experts: the last is all rows.
  std::int64_t tokens() const;
  double flops() const;
};

class DeviceGrouped {
 public:
  virtual ~DeviceGrouped() = default;
  virtual void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
                       Stream stream) = 0;
};

using DeviceGroupedMaker = Maker<DeviceGrouped, const GroupedShape&>;

DeviceGroupedMaker our_device_grouped();
/// Ours for sm_90a; of blocks of 128 rows.
DeviceGroupedMaker our_hopper_grouped();
/// cublasGemmGroupedBatchedEx, which CUDA has from 12.5 on.
DeviceGroupedMaker cublas_grouped();
/// cuDNN's product of experts, which it has from 9.15 on.
DeviceGroupedMaker cudnn_grouped();

}  // namespace pingjia::kernels::cuda
