// cuDNN's attention, by the headers of cudnn-frontend, which build the graph of its backend API and
// look the library's functions up in cudnn_dlhandle.
#define NV_CUDNN_FRONTEND_USE_DYNAMIC_LOADING
#define CUDNN_FRONTEND_SKIP_JSON_LIB
#include <cudnn_frontend.h>
#include <dlfcn.h>

#include <stdexcept>
#include <unordered_map>

#include "kernels/compare/cuda/prefill_makers.h"
#include "kernels/measure/cuda/memory.h"

namespace cudnn_frontend {
void* cudnn_dlhandle = nullptr;
}

namespace pingjia::kernels::cuda {
namespace {

namespace fe = cudnn_frontend;
enum Tensor : std::int64_t { kQ = 1, kK, kV, kOut };

/// Null without the library. Lives as long as the program.
cudnnHandle_t cudnn() {
  static cudnnHandle_t handle = []() -> cudnnHandle_t {
    fe::cudnn_dlhandle = dlopen("libcudnn.so.9", RTLD_NOW | RTLD_GLOBAL);
    if (fe::cudnn_dlhandle == nullptr) return nullptr;
    cudnnHandle_t made = nullptr;
    return fe::detail::create_handle(&made) == CUDNN_STATUS_SUCCESS ? made : nullptr;
  }();
  return handle;
}

void check(fe::error_t error) {
  if (error.is_bad()) throw std::runtime_error("cuDNN: " + error.get_message());
}

/// Dense [batch, length, heads, width], in cuDNN's order of batch, heads, length, width.
fe::graph::Tensor_attributes tensor(Tensor id, std::int64_t batch, std::int64_t length,
                                    std::int64_t heads, std::int64_t width) {
  return fe::graph::Tensor_attributes()
      .set_uid(id)
      .set_dim({batch, heads, length, width})
      .set_stride({length * heads * width, width, heads * width, 1});
}

std::shared_ptr<fe::graph::Graph> build(const AttentionShape& shape) {
  auto graph = std::make_shared<fe::graph::Graph>();
  graph->set_io_data_type(fe::DataType_t::BFLOAT16)
      .set_intermediate_data_type(fe::DataType_t::FLOAT)
      .set_compute_data_type(fe::DataType_t::FLOAT);
  const auto q = graph->tensor(
      tensor(kQ, shape.batch, shape.query_length, shape.query_heads, shape.key_width));
  const auto k =
      graph->tensor(tensor(kK, shape.batch, shape.key_length, shape.kv_heads, shape.key_width));
  const auto v =
      graph->tensor(tensor(kV, shape.batch, shape.key_length, shape.kv_heads, shape.value_width));
  auto options = fe::graph::SDPA_attributes().set_generate_stats(false).set_attn_scale(
      static_cast<float>(shape.scale()));
  if (shape.causal) options.set_causal_mask_bottom_right(true);
  if (shape.window > 0) options.set_diagonal_band_left_bound(static_cast<int>(shape.window));
  const auto out = graph->sdpa(q, k, v, options)[0];
  const auto like =
      tensor(kOut, shape.batch, shape.query_length, shape.query_heads, shape.value_width);
  out->set_output(true).set_uid(kOut).set_dim(like.get_dim()).set_stride(like.get_stride());
  check(graph->build(cudnn(), {fe::HeurMode_t::A}));
  return graph;
}

PrefillWork make(const AttentionShape& shape) {
  const auto graph = build(shape);
  const auto workspace =
      std::make_shared<Memory>(std::max<std::int64_t>(16, graph->get_workspace_size()));
  return [graph, workspace](const std::uint16_t* q, const std::uint16_t* k, const std::uint16_t* v,
                            std::uint16_t* out, Stream stream) {
    if (fe::detail::set_stream(cudnn(), stream) != CUDNN_STATUS_SUCCESS) {
      throw std::runtime_error("cuDNN did not take a stream");
    }
    std::unordered_map<std::int64_t, void*> tensors{{kQ, const_cast<std::uint16_t*>(q)},
                                                    {kK, const_cast<std::uint16_t*>(k)},
                                                    {kV, const_cast<std::uint16_t*>(v)},
                                                    {kOut, out}};
    check(graph->execute(cudnn(), tensors, workspace->as<void>()));
  };
}

}  // namespace

std::vector<PrefillMaker> vendors_prefills() {
  PrefillMaker maker{.implementation = "cudnn", .ours = false, .absent = "", .make = make};
  try {
    if (cudnn() == nullptr) maker.absent = "libcudnn.so.9 is not installed or does not start";
  } catch (const std::exception& error) {
    maker.absent = error.what();
  }
  return {maker};
}

}  // namespace pingjia::kernels::cuda
