#include "kernels/compare/onednn/packed_heads.h"

namespace pingjia::kernels {
namespace {

std::int64_t size_of(const MemoryDesc& desc) {
  return static_cast<std::int64_t>(OneDnn::get().memory_desc_get_size(&desc));
}

}  // namespace

PackedHeads::PackedHeads(const AttentionShape& shape, const AttentionSteps& steps)
    : shape_(shape),
      pack_keys_(Primitive::reorder(matrix_desc(shape.key_width, shape.key_length, dnnl_bf16, 1,
                                                shape.kv_heads * shape.key_width),
                                    steps.keys_desc())),
      values_(static_cast<std::size_t>(shape.batch * shape.kv_heads)) {
  for (std::size_t panel = 0; panel < steps.panels(); ++panel) {
    panel_widths_.push_back(steps.panel_width(panel));
    pack_values_.push_back(
        Primitive::reorder(matrix_desc(shape.key_length, panel_widths_.back(), dnnl_bf16,
                                       shape.kv_heads * shape.value_width, 1),
                           steps.values_desc(panel)));
  }
  for (auto& panels : values_) {
    keys_.emplace_back(steps.keys_desc(), size_of(steps.keys_desc()));
    for (std::size_t panel = 0; panel < steps.panels(); ++panel) {
      panels.emplace_back(steps.values_desc(panel), size_of(steps.values_desc(panel)));
    }
  }
}

void PackedHeads::pack(std::int64_t head, const Bf16* k, const Bf16* v, Buffer& scratch) {
  const std::int64_t first_key =
      head / shape_.kv_heads * shape_.key_length * shape_.kv_heads + head % shape_.kv_heads;
  const auto at = static_cast<std::size_t>(head);
  pack_keys_.run(k + first_key * shape_.key_width, nullptr, keys_[at].buffer.data(), scratch);
  const Bf16* values = v + first_key * shape_.value_width;
  for (std::size_t panel = 0; panel < pack_values_.size(); ++panel) {
    pack_values_[panel].run(values, nullptr, values_[at][panel].buffer.data(), scratch);
    values += panel_widths_[panel];
  }
}

HeadViews PackedHeads::views(std::int64_t head) const {
  const auto at = static_cast<std::size_t>(head);
  HeadViews views{&keys_[at].view, {}};
  for (const Packed& panel : values_[at]) views.values.push_back(&panel.view);
  return views;
}

}  // namespace pingjia::kernels
