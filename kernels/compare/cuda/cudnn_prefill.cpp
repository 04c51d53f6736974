#include <cudnn_frontend.h>

#include "kernels/compare/cuda/attention_makers.h"
#include "kernels/compare/cuda/cudnn.h"

namespace pingjia::kernels::cuda {
namespace {

namespace fe = cudnn_frontend;
enum Tensor : std::int64_t { kQ = 1, kK, kV, kOut };

/// Dense [batch, length, heads, width], in cuDNN's order of batch, heads, length, width.
fe::graph::Tensor_attributes tensor(Tensor id, std::int64_t batch, std::int64_t length,
                                    std::int64_t heads, std::int64_t width) {
  return fe::graph::Tensor_attributes()
      .set_uid(id)
      .set_dim({batch, heads, length, width})
      .set_stride({length * heads * width, width, heads * width, 1});
}

PrefillWork make(const AttentionShape& shape) {
  const auto graph = cudnn_graph();
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
  return [plan = cudnn_plan(graph)](const std::uint16_t* queries, const std::uint16_t* keys,
                                    const std::uint16_t* values, std::uint16_t* to, Stream stream) {
    plan({{kQ, const_cast<std::uint16_t*>(queries)},
          {kK, const_cast<std::uint16_t*>(keys)},
          {kV, const_cast<std::uint16_t*>(values)},
          {kOut, to}},
         stream);
  };
}

}  // namespace

std::vector<PrefillMaker> vendors_prefills() {
  return {{.implementation = "cudnn", .ours = false, .absent = cudnn_absent(), .make = make}};
}

}  // namespace pingjia::kernels::cuda
