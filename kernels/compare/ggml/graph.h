#pragma once

#include <ggml-alloc.h>
#include <ggml-cpu.h>
#include <ggml.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// A graph of ggml and the threads that compute it: as many as `threads` has, each on a processor
/// of its own as those are.
class GgmlGraph {
 public:
  explicit GgmlGraph(const Threads& threads);

  /// Where tensors and operations are made, until allocate().
  ggml_context* context() const { return context_.get(); }

  /// A dense tensor in memory of the caller's, which bind() names before compute().
  ggml_tensor* outside(ggml_type type, std::int64_t ne0, std::int64_t ne1 = 1, std::int64_t ne2 = 1,
                       std::int64_t ne3 = 1) const;

  /// The graph must compute this; in the order of the calls.
  void add(ggml_tensor* result);

  /// Memory for what lies between: as an engine does, used again once it was read.
  void allocate();

  /// Tensor `outside` and its views lie at `data` now.
  void bind(ggml_tensor* outside, const void* data);

  void compute();

 private:
  template <auto function>
  struct Call {
    template <class T>
    void operator()(T* object) const {
      function(object);
    }
  };

  int count_;
  std::unique_ptr<ggml_context, Call<ggml_free>> context_;
  std::unique_ptr<ggml_threadpool, Call<ggml_threadpool_free>> threads_;
  std::unique_ptr<ggml_gallocr, Call<ggml_gallocr_free>> memory_;
  ggml_cgraph* graph_;
  ggml_cplan plan_{};
  std::vector<std::uint8_t> work_;
};

}  // namespace pingjia::kernels
