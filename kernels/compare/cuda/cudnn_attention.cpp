#include <cudnn_frontend.h>

#include "kernels/compare/cuda/attention_makers.h"
#include "kernels/compare/cuda/cudnn.h"
#include "kernels/measure/cuda/memory.h"

namespace pingjia::kernels::cuda {
namespace {

namespace fe = cudnn_frontend;
enum Tensor : std::int64_t { kQ = 1, kKeys, kValues, kOut, kTokens, kLengths, kPages, kValuePages };

/// Dense [count, length, heads, width], in cuDNN's order of count, heads, length, width.
fe::graph::Tensor_attributes tensor(Tensor id, std::int64_t count, std::int64_t length,
                                    std::int64_t heads, std::int64_t width) {
  return fe::graph::Tensor_attributes()
      .set_uid(id)
      .set_dim({count, heads, length, width})
      .set_stride({length * heads * width, width, heads * width, 1});
}

/// Of scale, causality and window.
fe::graph::SDPA_attributes options_of(const AttentionShape& shape) {
  auto options = fe::graph::SDPA_attributes().set_generate_stats(false).set_attn_scale(
      static_cast<float>(shape.scale()));
  if (shape.causal) options.set_causal_mask_bottom_right(true);
  if (shape.window > 0) options.set_diagonal_band_left_bound(static_cast<int>(shape.window));
  return options;
}

void set_output(const std::shared_ptr<fe::graph::Tensor_attributes>& out,
                const AttentionShape& shape) {
  const auto like =
      tensor(kOut, shape.batch, shape.query_length, shape.query_heads, shape.value_width);
  out->set_output(true).set_uid(kOut).set_dim(like.get_dim()).set_stride(like.get_stride());
}

PrefillWork make_prefill(const AttentionShape& shape) {
  const auto graph = cudnn_graph();
  const auto q = graph->tensor(
      tensor(kQ, shape.batch, shape.query_length, shape.query_heads, shape.key_width));
  const auto k =
      graph->tensor(tensor(kKeys, shape.batch, shape.key_length, shape.kv_heads, shape.key_width));
  const auto v = graph->tensor(
      tensor(kValues, shape.batch, shape.key_length, shape.kv_heads, shape.value_width));
  set_output(graph->sdpa(q, k, v, options_of(shape))[0], shape);
  return [plan = cudnn_plan(graph)](const std::uint16_t* queries, const std::uint16_t* keys,
                                    const std::uint16_t* values, std::uint16_t* to, Stream stream) {
    plan({{kQ, const_cast<std::uint16_t*>(queries)},
          {kKeys, const_cast<std::uint16_t*>(keys)},
          {kValues, const_cast<std::uint16_t*>(values)},
          {kOut, to}},
         stream);
  };
}

/// `each` integers of every sequence.
fe::graph::Tensor_attributes integers(Tensor id, std::int64_t batch, std::int64_t each) {
  return fe::graph::Tensor_attributes()
      .set_uid(id)
      .set_dim({batch, 1, each, 1})
      .set_stride({each, each, 1, 1})
      .set_data_type(fe::DataType_t::INT32);
}

CudnnPlan plan_of(const PagedCache& cache) {
  const AttentionShape& shape = cache.shape;
  const std::int64_t pages = shape.batch * cache.pages_each;
  const auto graph = cudnn_graph();
  const auto q = graph->tensor(
      tensor(kQ, shape.batch, shape.query_length, shape.query_heads, shape.key_width));
  const auto keys =
      graph->tensor(tensor(kKeys, pages, cache.page_size, shape.kv_heads, shape.key_width));
  const auto values =
      graph->tensor(tensor(kValues, pages, cache.page_size, shape.kv_heads, shape.value_width));
  auto options = options_of(shape)
                     .set_padding_mask(true)
                     .set_seq_len_q(graph->tensor(integers(kTokens, shape.batch, 1)))
                     .set_seq_len_kv(graph->tensor(integers(kLengths, shape.batch, 1)))
                     .set_paged_attention_k_table(
                         graph->tensor(integers(kPages, shape.batch, cache.pages_each)))
                     .set_paged_attention_v_table(
                         graph->tensor(integers(kValuePages, shape.batch, cache.pages_each)))
                     .set_paged_attention_max_seq_len_kv(static_cast<int>(shape.key_length));
  set_output(graph->sdpa(q, keys, values, options)[0], shape);
  return cudnn_plan(graph);
}

class CudnnDecode final : public DeviceDecode {
 public:
  explicit CudnnDecode(const PagedCache& cache)
      : cache_(cache),
        plan_(plan_of(cache)),
        tokens_(on_device(std::vector<int>(static_cast<std::size_t>(cache.shape.batch),
                                           static_cast<int>(cache.shape.query_length)))) {}

  void enqueue(const std::uint16_t* key_pages, const std::uint16_t* value_pages,
               Stream stream) override {
    plan_({{kQ, const_cast<std::uint16_t*>(cache_.q)},
           {kKeys, const_cast<std::uint16_t*>(key_pages)},
           {kValues, const_cast<std::uint16_t*>(value_pages)},
           {kOut, cache_.out},
           {kTokens, tokens_.as<void>()},
           {kLengths, const_cast<int*>(cache_.lengths)},
           {kPages, const_cast<int*>(cache_.pages)},
           {kValuePages, const_cast<int*>(cache_.pages)}},
          stream);
  }

 private:
  PagedCache cache_;
  CudnnPlan plan_;
  Memory tokens_;
};

}  // namespace

std::vector<PrefillMaker> vendors_prefills() {
  return {
      {.implementation = "cudnn", .ours = false, .absent = cudnn_absent(), .make = make_prefill}};
}

std::vector<DecodeMaker> vendors_decodes() {
  return {{"cudnn", false, cudnn_absent(),
           [](const PagedCache& cache) { return std::make_unique<CudnnDecode>(cache); }}};
}

}  // namespace pingjia::kernels::cuda
