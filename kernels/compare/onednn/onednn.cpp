#include "kernels/compare/onednn/onednn.h"

#include <stdexcept>

#include "kernels/compare/library.h"

namespace pingjia::kernels {
namespace {

void find_functions(Library& library, OneDnn& to) {
  library.find("dnnl_engine_create", to.engine_create);
  library.find("dnnl_stream_create", to.stream_create);
  library.find("dnnl_memory_desc_init_by_strides", to.memory_desc_init_by_strides);
  library.find("dnnl_memory_desc_init_by_tag", to.memory_desc_init_by_tag);
  library.find("dnnl_memory_desc_get_size", to.memory_desc_get_size);
  library.find("dnnl_memory_create", to.memory_create);
  library.find("dnnl_memory_destroy", to.memory_destroy);
  library.find("dnnl_primitive_attr_create", to.attr_create);
  library.find("dnnl_primitive_attr_destroy", to.attr_destroy);
  library.find("dnnl_primitive_attr_set_scratchpad_mode", to.attr_set_scratchpad_mode);
  library.find("dnnl_primitive_attr_set_output_scales", to.attr_set_output_scales);
  library.find("dnnl_matmul_desc_init", to.matmul_desc_init);
  library.find("dnnl_softmax_v2_forward_desc_init", to.softmax_desc_init);
  library.find("dnnl_reorder_primitive_desc_create", to.reorder_desc_create);
  library.find("dnnl_primitive_desc_create", to.primitive_desc_create);
  library.find("dnnl_primitive_desc_destroy", to.primitive_desc_destroy);
  library.find("dnnl_primitive_desc_query_md", to.primitive_desc_query_md);
  library.find("dnnl_primitive_create", to.primitive_create);
  library.find("dnnl_primitive_destroy", to.primitive_destroy);
  library.find("dnnl_primitive_execute", to.primitive_execute);
}

void find_functions_of_openmp(Library& library, OneDnn& to) {
  library.find("omp_set_num_threads", to.omp_set_num_threads);
  library.find("omp_get_thread_num", to.omp_get_thread_num);
  library.find("GOMP_parallel", to.omp_parallel);
}

}  // namespace

OneDnn::OneDnn() {
  Library library("libdnnl.so.2", "libdnnl2");
  Library openmp("libgomp.so.1", "libgomp1");
  find_functions(library, *this);
  find_functions_of_openmp(openmp, *this);
  absent = library.absent().empty() ? openmp.absent() : library.absent();
  if (!absent.empty()) return;
  expect_success(engine_create(&engine, dnnl_cpu, 0), "an engine");
  expect_success(stream_create(&stream, engine, dnnl_stream_default_flags), "a stream");
}

const OneDnn& OneDnn::get() {
  static const OneDnn one;
  return one;
}

void expect_success(dnnl_status_t status, const char* what) {
  if (status == dnnl_success) return;
  throw std::runtime_error("oneDNN refused " + std::string(what) + ": status " +
                           std::to_string(status));
}

}  // namespace pingjia::kernels
