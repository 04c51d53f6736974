#include "kernels/compare/ggml/graph.h"

#include <ggml-backend.h>

#include <stdexcept>

#include "kernels/compare/wide_affinity.h"

namespace pingjia::kernels {
namespace {

constexpr std::size_t kNodes = 8192;

ggml_context* make_context() {
  ggml_cpu_init();
  return ggml_init(
      {.mem_size = ggml_tensor_overhead() * 2 * kNodes + ggml_graph_overhead_custom(kNodes, false),
       .mem_buffer = nullptr,
       .no_alloc = true});
}

ggml_threadpool* make_threads(const Threads& threads) {
  ggml_threadpool_params params = ggml_threadpool_params_default(threads.count());
  const std::vector<int>& processors = threads.processors();
  // ggml hands them out to its own threads in order. The caller keeps the first, where Threads
  // pinned it: two that spin on one processor take turns of milliseconds.
  if (processors.size() >= static_cast<std::size_t>(threads.count())) {
    for (int i = 1; i < threads.count(); ++i) {
      const auto processor = static_cast<std::size_t>(processors[static_cast<std::size_t>(i)]);
      if (processor < GGML_MAX_N_THREADS) params.cpumask[processor] = true;
    }
    params.strict_cpu = true;
  }
  const WideAffinity wide(processors);
  return ggml_threadpool_new(&params);
}

/// Marks a tensor as not ggml's to allocate; never read.
alignas(64) std::uint8_t elsewhere[64];

}  // namespace

GgmlGraph::GgmlGraph(const Threads& threads)
    : count_(threads.count()),
      context_(make_context()),
      threads_(make_threads(threads)),
      graph_(ggml_new_graph_custom(context_.get(), kNodes, false)) {}

ggml_tensor* GgmlGraph::outside(ggml_type type, std::int64_t ne0, std::int64_t ne1,
                                std::int64_t ne2, std::int64_t ne3) const {
  ggml_tensor* tensor = ggml_new_tensor_4d(context(), type, ne0, ne1, ne2, ne3);
  tensor->data = elsewhere;
  return tensor;
}

void GgmlGraph::add(ggml_tensor* result) {
  ggml_build_forward_expand(graph_, result);
}

void GgmlGraph::allocate() {
  memory_.reset(ggml_gallocr_new(ggml_backend_cpu_buffer_type()));
  if (!ggml_gallocr_alloc_graph(memory_.get(), graph_)) {
    throw std::runtime_error("ggml has no memory for its graph");
  }
  plan_ = ggml_graph_plan(graph_, count_, threads_.get());
  work_.resize(plan_.work_size);
  plan_.work_data = work_.data();
}

void GgmlGraph::bind(ggml_tensor* outside, const void* data) {
  auto* bytes = static_cast<std::uint8_t*>(const_cast<void*>(data));
  if (outside->data == bytes) return;
  outside->data = bytes;
  for (ggml_tensor* t = ggml_get_first_tensor(context()); t;
       t = ggml_get_next_tensor(context(), t)) {
    if (t->view_src == outside) t->data = bytes + t->view_offs;
  }
}

void GgmlGraph::compute() {
  if (ggml_graph_compute(graph_, &plan_) != GGML_STATUS_SUCCESS) {
    throw std::runtime_error("ggml could not compute its graph");
  }
}

}  // namespace pingjia::kernels
