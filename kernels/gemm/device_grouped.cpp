#include "kernels/gemm/device_grouped.h"

#include <numeric>

#include "kernels/gemm/grouped_cuda.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/memory.h"

namespace pingjia::kernels::cuda {
namespace {

class OurGrouped final : public DeviceGrouped {
 public:
  OurGrouped(const GroupedShape& shape, bool hopper)
      : experts_of_weights_(static_cast<int>(shape.counts.size())), hopper_(hopper) {
    const std::vector<int> starts = shape.starts();
    std::vector<int> experts;
    for (std::size_t expert = 0; expert < shape.counts.size(); ++expert) {
      const int blocks = (starts[expert + 1] - starts[expert]) / shape.block;
      experts.insert(experts.end(), static_cast<std::size_t>(blocks), static_cast<int>(expert));
    }
    const int count = static_cast<int>(experts.size());
    experts_ = on_device(experts);
    blocks_ = on_device(std::vector<int>{count});
    call_ = {.expert_of_block = experts_.as<int>(),
             .blocks = blocks_.as<int>(),
             .most_blocks = count,
             .block = shape.block,
             .columns = static_cast<int>(shape.columns),
             .k = static_cast<int>(shape.k)};
  }

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    call_.a = a, call_.weights = weights, call_.out = out;
    hopper_ ? grouped_gemm_hopper(call_, experts_of_weights_, stream) : grouped_gemm(call_, stream);
  }

 private:
  int experts_of_weights_;
  bool hopper_;
  Memory experts_, blocks_;
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
