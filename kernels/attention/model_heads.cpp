#include "kernels/attention/model_heads.h"

namespace pingjia::kernels {

AttentionShape model_heads(const ModelShape& model) {
  AttentionShape shape;
  shape.query_heads = model.query_heads;
  shape.kv_heads = model.kv_heads;
  shape.key_width = model.head_width;
  shape.value_width = model.head_width;
  if (model.mla) {
    shape.kv_heads = model.query_heads;
    shape.key_width = model.mla->nope + model.mla->rope;
    shape.value_width = model.mla->value;
  }
  return shape;
}

AttentionShape latent_heads(const ModelShape& model) {
  AttentionShape shape;
  shape.query_heads = model.query_heads;
  shape.key_width = model.mla->kv_lora + model.mla->rope;
  shape.value_width = model.mla->kv_lora;
  shape.values_in_keys = true;
  shape.scale_width = model.mla->nope + model.mla->rope;
  return shape;
}

}  // namespace pingjia::kernels
