#include "kernels/compare/attentions.h"

#include "kernels/compare/ggml/makers.h"
#include "kernels/compare/onednn/makers.h"

namespace pingjia::kernels {
namespace {

std::string cannot(const AttentionShape& shape) {
  if (shape.values_in_keys) return "has no attention that reads its values from the keys";
  if (shape.window > 0) return "is composed here without a window";
  if (shape.keys_seen(0) == 0) return "makes NaN of a query that sees no key";
  return "";
}

}  // namespace

std::vector<AttentionMaker> other_attentions(const AttentionShape& shape) {
  std::vector<AttentionMaker> makers = {onednn_attention(), ggml_flash_attention(),
                                        ggml_attention()};
  for (AttentionMaker& maker : makers) {
    const std::string reason = cannot(shape);
    if (maker.absent.empty() && !reason.empty()) maker.absent = maker.implementation + " " + reason;
  }
  return makers;
}

}  // namespace pingjia::kernels
