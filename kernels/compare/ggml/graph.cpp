#include "kernels/compare/ggml/graph.h"

#include <stdexcept>

#include "kernels/compare/wide_affinity.h"

namespace pingjia::kernels {
namespace {

ggml_threadpool* new_pool(const Threads& threads) {
  // The others begin where their maker may run: everywhere but on the caller's own processor.
  std::vector<int> processors = threads.processors();
  if (processors.size() > 1) processors.erase(processors.begin());
  const WideAffinity others(processors);
  ggml_threadpool_params parameters = ggml_threadpool_params_default(threads.count());
  return ggml_threadpool_new(&parameters);
}

}  // namespace

GgmlGraph::GgmlGraph(const Threads& threads, std::size_t nodes)
    : pool_(new_pool(threads)),
      memory_(ggml_gallocr_new(ggml_backend_cpu_buffer_type())),
      nodes_(nodes),
      threads_(threads.count()) {
  ggml_cpu_init();
}

void GgmlGraph::build(const std::function<std::vector<ggml_tensor*>()>& build) {
  const std::size_t bytes =
      nodes_ * ggml_tensor_overhead() + ggml_graph_overhead_custom(nodes_, false);
  context_.reset(ggml_init({bytes, nullptr, true}));
  graph_ = ggml_new_graph_custom(context(), nodes_, false);
  for (ggml_tensor* last : build()) ggml_build_forward_expand(graph_, last);
  if (!ggml_gallocr_alloc_graph(memory_.get(), graph_)) {
    throw std::runtime_error("ggml: no memory for its graph");
  }
  plan_ = ggml_graph_plan(graph_, threads_, pool_.get());
  work_.resize(plan_.work_size);
  plan_.work_data = work_.data();
}

void GgmlGraph::compute() {
  if (ggml_graph_compute(graph_, &plan_) != GGML_STATUS_SUCCESS) {
    throw std::runtime_error("ggml: its graph failed");
  }
}

ggml_tensor* GgmlGraph::over(ggml_type type, const void* data,
                             std::vector<std::int64_t> dimensions) {
  ggml_tensor* tensor =
      ggml_new_tensor(context(), type, static_cast<int>(dimensions.size()), dimensions.data());
  // ggml has one kind of pointer; what is only read stays as it is.
  tensor->data = const_cast<void*>(data);
  return tensor;
}

}  // namespace pingjia::kernels
