#include "kernels/compare/attentions.h"

#include "kernels/compare/onednn/makers.h"

namespace pingjia::kernels {
namespace {

std::string cannot(const AttentionShape& shape) {
  if (shape.values_in_keys) return "has no attention that reads its values from the keys";
  if (shape.window > 0) return "is composed here without a window";
  return "";
}

}  // namespace

std::vector<AttentionMaker> other_attentions(const AttentionShape& shape) {
  std::vector<AttentionMaker> makers = {onednn_attention()};
  for (AttentionMaker& maker : makers) {
    const std::string reason = cannot(shape);
    if (maker.absent.empty() && !reason.empty()) maker.absent = maker.implementation + " " + reason;
  }
  return makers;
}

}  // namespace pingjia::kernels
