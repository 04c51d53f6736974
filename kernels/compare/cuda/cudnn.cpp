#include "kernels/compare/cuda/cudnn.h"

// The headers build graphs of the backend API, and look the library's functions up in
// cudnn_dlhandle.
#include <cudnn_frontend.h>
#include <dlfcn.h>

#include <algorithm>

#include "kernels/measure/cuda/memory.h"
#include "kernels/measure/trial.h"

namespace cudnn_frontend {
void* cudnn_dlhandle = nullptr;
}

namespace pingjia::kernels::cuda {
namespace {

namespace fe = cudnn_frontend;

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

}  // namespace

std::string cudnn_absent() {
  try {
    return cudnn() == nullptr ? "libcudnn.so.9 is not installed or does not start" : "";
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::shared_ptr<fe::graph::Graph> cudnn_graph() {
  auto graph = std::make_shared<fe::graph::Graph>();
  graph->set_io_data_type(fe::DataType_t::BFLOAT16)
      .set_intermediate_data_type(fe::DataType_t::FLOAT)
      .set_compute_data_type(fe::DataType_t::FLOAT);
  return graph;
}

CudnnPlan cudnn_plan(const std::shared_ptr<fe::graph::Graph>& graph) {
  if (auto error = graph->build(cudnn(), {fe::HeurMode_t::A}); error.is_bad()) {
    throw Unsupported("cuDNN: " + error.get_message());
  }
  const auto workspace =
      std::make_shared<Memory>(std::max<std::int64_t>(16, graph->get_workspace_size()));
  return [graph, workspace](std::unordered_map<std::int64_t, void*> tensors, Stream stream) {
    if (fe::detail::set_stream(cudnn(), stream) != CUDNN_STATUS_SUCCESS) {
      throw std::runtime_error("cuDNN did not take a stream");
    }
    if (auto error = graph->execute(cudnn(), tensors, workspace->as<void>()); error.is_bad()) {
      throw std::runtime_error("cuDNN: " + error.get_message());
    }
  };
}

}  // namespace pingjia::kernels::cuda
