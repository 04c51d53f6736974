#include <cudnn_frontend.h>

#include "kernels/compare/cuda/cudnn.h"
#include "kernels/gemm/device_grouped.h"
#include "kernels/measure/cuda/memory.h"

namespace pingjia::kernels::cuda {
namespace {

namespace fe = cudnn_frontend;
enum Tensor : std::int64_t { kA = 1, kWeights, kStarts, kOut };

/// One matrix of several, row-major: [count, rows, columns].
fe::graph::Tensor_attributes matrices(Tensor id, std::int64_t count, std::int64_t rows,
                                      std::int64_t columns) {
  return fe::graph::Tensor_attributes()
      .set_uid(id)
      .set_dim({count, rows, columns})
      .set_stride({rows * columns, columns, 1});
}

CudnnPlan plan_of(const GroupedShape& shape) {
  const auto experts = std::ssize(shape.counts);
  const std::int64_t rows = shape.starts().back();
  const auto graph = cudnn_graph();
  const auto a = graph->tensor(matrices(kA, 1, rows, shape.k));
  // The library's weights are [experts, k, columns].
  const auto weights = graph->tensor(matrices(kWeights, experts, shape.k, shape.columns)
                                         .set_stride({shape.k * shape.columns, 1, shape.k}));
  const auto starts =
      graph->tensor(matrices(kStarts, experts, 1, 1).set_data_type(fe::DataType_t::INT32));
  const auto out = graph->moe_grouped_matmul(
      a, weights, starts, nullptr, nullptr,
      fe::graph::Moe_grouped_matmul_attributes().set_mode(fe::MoeGroupedMatmulMode_t::NONE));
  const auto like = matrices(kOut, 1, rows, shape.columns);
  out->set_output(true).set_uid(kOut).set_dim(like.get_dim()).set_stride(like.get_stride());
  return cudnn_plan(graph);
}

/// Knows where experts begin and not how many tokens they have: it multiplies the padding too, as
/// ours does.
class CudnnGrouped final : public DeviceGrouped {
 public:
  explicit CudnnGrouped(const GroupedShape& shape)
      : plan_(plan_of(shape)), starts_(on_device(shape.starts())) {}

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    plan_({{kA, const_cast<std::uint16_t*>(a)},
           {kWeights, const_cast<std::uint16_t*>(weights)},
           {kStarts, starts_.as<void>()},
           {kOut, out}},
          stream);
  }

 private:
  CudnnPlan plan_;
  Memory starts_;
};

}  // namespace

DeviceGroupedMaker cudnn_grouped() {
  return {.implementation = "cudnn grouped",
          .ours = false,
          .absent = cudnn_absent(),
          .make = [](const GroupedShape& shape) { return std::make_unique<CudnnGrouped>(shape); }};
}

}  // namespace pingjia::kernels::cuda
