#include "kernels/gemm/device_grouped.h"

#include <numeric>

#include "kernels/gemm/expert_blocks.h"
#include "kernels/gemm/grouped_cuda.h"
#include "kernels/measure/cuda/device.h"

namespace pingjia::kernels::cuda {
namespace {

class OurGrouped final : public DeviceGrouped {
 public:
  OurGrouped(const GroupedShape& shape, bool hopper)
      : experts_(static_cast<int>(shape.counts.size())), hopper_(hopper), blocks_(shape) {
    call_ = {.expert_of_block = blocks_.experts(),
             .blocks = blocks_.blocks(),
             .most_blocks = blocks_.count(),
             .block = shape.block,
             .columns = static_cast<int>(shape.columns),
             .k = static_cast<int>(shape.k)};
  }

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    call_.a = a, call_.weights = weights, call_.out = out;
    hopper_ ? grouped_gemm_hopper(call_, experts_, stream) : grouped_gemm(call_, stream);
  }

 private:
  int experts_;
  bool hopper_;
  ExpertBlocks blocks_;
  GroupedGemmCall call_;
};

}  // namespace

std::vector<int> GroupedShape::starts() const {
  std::vector<int> starts{0};
  for (const int count : counts) {
    starts.push_back(starts.back() + (count + block - 1) / block * block);
  }
  return starts;
}

std::int64_t GroupedShape::tokens() const {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

double GroupedShape::flops() const {
  return 2.0 * static_cast<double>(tokens()) * static_cast<double>(columns) *
         static_cast<double>(k);
}

DeviceGroupedMaker our_device_grouped() {
  return {
      .implementation = "pingjia sm_80",
      .ours = true,
      .absent = "",
      .make = [](const GroupedShape& shape) { return std::make_unique<OurGrouped>(shape, false); }};
}

DeviceGroupedMaker our_hopper_grouped() {
  const auto& found = first_device();
  const bool here = found.device && found.device->architecture == 90;
  return {
      .implementation = "pingjia sm_90a",
      .ours = true,
      .absent = here ? "" : "the card is not of sm_90",
      .make = [](const GroupedShape& shape) { return std::make_unique<OurGrouped>(shape, true); }};
}

}  // namespace pingjia::kernels::cuda
