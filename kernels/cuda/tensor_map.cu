#include "kernels/cuda/tensor_map.cuh"

#ifdef __CUDACC__
#include "kernels/cuda/status.cuh"
#endif

namespace pingjia::kernels::cuda {

#ifdef __CUDACC__
namespace {

/// From the driver that the runtime has loaded, so that nothing is linked with it.
decltype(&cuTensorMapEncodeTiled) encoder() {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult result{};
  check(cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &function, 12000,
                                         cudaEnableDefault, &result),
        "find cuTensorMapEncodeTiled");
  if (result != cudaDriverEntryPointSuccess || function == nullptr) {
    throw std::runtime_error("the driver knows no tensor maps");
  }
  return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
}

}  // namespace

TensorMap tensor_map(const void* base, std::int64_t rows, std::int64_t columns, int box_rows) {
  static const auto encode = encoder();
  // The innermost dimension first.
  const cuuint64_t sizes[] = {static_cast<cuuint64_t>(columns), static_cast<cuuint64_t>(rows)};
  const cuuint64_t strides[] = {static_cast<cuuint64_t>(2 * columns)};
  const cuuint32_t box[] = {64, static_cast<cuuint32_t>(box_rows)};
  const cuuint32_t steps[] = {1, 1};
  TensorMap map{};
  const CUresult status =
      encode(&map, CU_TENSOR_MAP_DATA_TYPE_BFLOAT16, 2, const_cast<void*>(base), sizes, strides,
             box, steps, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
             CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (status != CUDA_SUCCESS) {
    throw std::runtime_error("CUDA could not encode a tensor map: error " + std::to_string(status));
  }
  return map;
}
#else
TensorMap tensor_map(const void* base, std::int64_t rows, std::int64_t columns, int box_rows) {
  return {base, rows, columns, box_rows};
}
#endif

}  // namespace pingjia::kernels::cuda
