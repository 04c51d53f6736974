#include "kernels/attention/rows_isa.h"
#include "kernels/attention/rows_simd.h"
#include "kernels/processor/lanes_portable.h"

namespace pingjia::kernels {
namespace {

void pack_keys(const RowsToPack& keys, std::int64_t width, Bf16* panel) {
  const std::int64_t padded = (width + kPanelKeys - 1) / kPanelKeys * kPanelKeys;
  for (std::int64_t i = 0; i < padded; ++i) {
    for (int key = 0; key < kPanelKeys; ++key) {
      const bool is_there = key < keys.count && i < width;
      panel[(i / 2 * kPanelKeys + key) * 2 + i % 2] = is_there ? keys.row[key][i] : Bf16{};
    }
  }
}

void pack_values(const RowsToPack& values, std::int64_t width, Bf16* panel,
                 std::int64_t panel_stride) {
  const std::int64_t padded = (width + kPanelKeys - 1) / kPanelKeys * kPanelKeys;
  for (int key = 0; key < kPanelKeys; ++key) {
    for (std::int64_t i = 0; i < padded; ++i) {
      const bool is_there = key < values.count && i < width;
      Bf16* to = panel + i / kPanelKeys * panel_stride;
      to[(key / 2 * kPanelKeys + i % kPanelKeys) * 2 + key % 2] =
          is_there ? values.row[key][i] : Bf16{};
    }
  }
}

}  // namespace

const AttentionRows kPortableRows = {pack_keys, pack_values, softmax_rows<One>, nullptr};

}  // namespace pingjia::kernels
