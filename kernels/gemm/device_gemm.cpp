#include "kernels/gemm/device_gemm.h"

#include <algorithm>

#include "kernels/gemm/grouped_cuda.h"
#include "kernels/gemm/skinny_cuda.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/memory.h"

namespace pingjia::kernels::cuda {
namespace {

class OurGemm final : public DeviceGemm {
 public:
  explicit OurGemm(const GemmShape& shape) {
    const int block = shape.rows <= 16 ? 16 : shape.rows <= 64 ? 64 : 128;
    const int count = static_cast<int>((shape.rows - 1) / block + 1);
    experts_ = on_device(std::vector<int>(static_cast<std::size_t>(count), 0));
    blocks_ = on_device(std::vector<int>{count});
    call_ = {.expert_of_block = experts_.as<int>(),
             .blocks = blocks_.as<int>(),
             .most_blocks = count,
             .block = block,
             .columns = static_cast<int>(shape.columns),
             .k = static_cast<int>(shape.k)};
  }

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    call_.a = a, call_.weights = weights, call_.out = out;
    grouped_gemm(call_, stream);
  }

 private:
  Memory experts_, blocks_;
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
