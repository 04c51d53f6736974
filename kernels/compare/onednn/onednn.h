#pragma once

#include <oneapi/dnnl/dnnl.h>

#include <string>

namespace pingjia::kernels {

/// The functions of oneDNN 2 that the comparators call, and of the OpenMP runtime under it, found
/// at run time. One for the process.
struct OneDnn {
  /// The first call loads the library.
  static const OneDnn& get();

  std::string absent;  ///< Why it cannot be used; empty: it can.

  decltype(&dnnl_engine_create) engine_create;
  decltype(&dnnl_stream_create) stream_create;
  decltype(&dnnl_memory_desc_init_by_strides) memory_desc_init_by_strides;
  decltype(&dnnl_memory_desc_init_by_tag) memory_desc_init_by_tag;
  decltype(&dnnl_memory_desc_get_size) memory_desc_get_size;
  decltype(&dnnl_memory_create) memory_create;
  decltype(&dnnl_memory_destroy) memory_destroy;
  decltype(&dnnl_primitive_attr_create) attr_create;
  decltype(&dnnl_primitive_attr_destroy) attr_destroy;
  decltype(&dnnl_primitive_attr_set_scratchpad_mode) attr_set_scratchpad_mode;
  decltype(&dnnl_primitive_attr_set_output_scales) attr_set_output_scales;
  decltype(&dnnl_matmul_desc_init) matmul_desc_init;
  decltype(&dnnl_softmax_v2_forward_desc_init) softmax_desc_init;
  decltype(&dnnl_reorder_primitive_desc_create) reorder_desc_create;
  decltype(&dnnl_primitive_desc_create) primitive_desc_create;
  decltype(&dnnl_primitive_desc_destroy) primitive_desc_destroy;
  decltype(&dnnl_primitive_desc_query_md) primitive_desc_query_md;
  decltype(&dnnl_primitive_create) primitive_create;
  decltype(&dnnl_primitive_destroy) primitive_destroy;
  decltype(&dnnl_primitive_execute) primitive_execute;

  void (*omp_set_num_threads)(int);
  int (*omp_get_thread_num)();
  /// What g++ makes of "#pragma omp parallel": work(data) on so many threads of the pool that
  /// oneDNN uses too, so that no second pool spins beside it.
  void (*omp_parallel)(void (*work)(void*), void* data, unsigned threads, unsigned flags);

  dnnl_engine_t engine = nullptr;
  dnnl_stream_t stream = nullptr;

 private:
  OneDnn();
};

/// Throws std::runtime_error unless `status` is success; `what` says what was asked.
void expect_success(dnnl_status_t status, const char* what);

}  // namespace pingjia::kernels
