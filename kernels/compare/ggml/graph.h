#pragma once

#include <ggml-alloc.h>
#include <ggml-cpu.h>

#include <functional>
#include <memory>
#include <vector>

#include "kernels/processor/bf16.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// A graph of ggml's and the threads that compute it: the caller's and its own, which stay off the
/// caller's processor.
class GgmlGraph {
 public:
  /// At most `nodes` tensors.
  GgmlGraph(const Threads& threads, std::size_t nodes);

  /// Makes the graph anew: `build` makes its tensors in context() and returns its last ones, which
  /// are computed in their order. What has no memory yet gets some, used again where it may be.
  void build(const std::function<std::vector<ggml_tensor*>()>& build);
  void compute();

  ggml_context* context() { return context_.get(); }

  /// A tensor over memory that someone else holds, dense, the fastest dimension first.
  ggml_tensor* over(ggml_type type, const void* data, std::vector<std::int64_t> dimensions);

 private:
  template <auto free>
  struct Free {
    template <class T>
    void operator()(T* object) const {
      free(object);
    }
  };

  std::unique_ptr<ggml_threadpool, Free<ggml_threadpool_free>> pool_;
  std::unique_ptr<ggml_gallocr, Free<ggml_gallocr_free>> memory_;
  std::unique_ptr<ggml_context, Free<ggml_free>> context_;
  std::size_t nodes_;
  int threads_;
  ggml_cgraph* graph_ = nullptr;
  ggml_cplan plan_ = {};
  std::vector<std::uint8_t> work_;
};

}  // namespace pingjia::kernels
