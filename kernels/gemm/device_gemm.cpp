#include "kernels/gemm/device_gemm.h"

#include <algorithm>

#include "kernels/gemm/expert_blocks.h"
#include "kernels/gemm/grouped_cuda.h"
#include "kernels/gemm/skinny_cuda.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/memory.h"

namespace pingjia::kernels::cuda {
namespace {

class OurGemm final : public DeviceGemm {
 public:
  explicit OurGemm(const GemmShape& shape)
      : block_(shape.rows <= 16   ? 16
               : shape.rows <= 64 ? 64
                                  : 128),
        blocks_({.counts = {static_cast<int>(shape.rows)}, .block = block_}) {
    call_ = {.expert_of_block = blocks_.experts(),
             .blocks = blocks_.blocks(),
             .most_blocks = blocks_.count(),
             .block = block_,
             .columns = static_cast<int>(shape.columns),
             .k = static_cast<int>(shape.k)};
  }

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    call_.a = a, call_.weights = weights, call_.out = out;
    grouped_gemm(call_, stream);
  }

 private:
  int block_;
  ExpertBlocks blocks_;  ///< Of one expert.
  GroupedGemmCall call_;
};

class OurSkinnyGemm final : public DeviceGemm {
 public:
  explicit OurSkinnyGemm(const GemmShape& shape) {
    call_ = {.rows = static_cast<int>(shape.rows),
             .columns = static_cast<int>(shape.columns),
             .k = static_cast<int>(shape.k)};
    call_.splits = skinny_gemm_splits(call_.rows, call_.columns, call_.k,
                                      first_device().device->multiprocessors);
    scratch_ = Memory(4 * std::max<std::int64_t>(1, skinny_gemm_scratch(call_)));
    call_.scratch = scratch_.as<float>();
  }

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    call_.a = a, call_.weights = weights, call_.out = out;
    skinny_gemm(call_, stream);
  }

 private:
  Memory scratch_;
  SkinnyGemmCall call_;
};

}  // namespace

DeviceGemmMaker our_device_gemm() {
  return {.implementation = "pingjia sm_80",
          .ours = true,
          .absent = "",
          .make = [](const GemmShape& shape) { return std::make_unique<OurGemm>(shape); }};
}

DeviceGemmMaker our_skinny_gemm() {
  return {.implementation = "pingjia skinny",
          .ours = true,
          .absent = "",
          .make = [](const GemmShape& shape) { return std::make_unique<OurSkinnyGemm>(shape); }};
}

}  // namespace pingjia::kernels::cuda
