#pragma once

#include "kernels/attention/shape.h"
#include "kernels/maker.h"
#include "kernels/processor/bf16.h"
#include "kernels/processor/threads.h"

namespace pingjia::kernels {

/// Attention of one shape, ready to run on tensors laid out as AttentionShape says: prefill where
/// query_length is the prompt's, decode where it is 1.
class AttentionCall {
 public:
  virtual ~AttentionCall() = default;
  virtual void run(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out) = 0;
};

using AttentionMaker = Maker<AttentionCall, const AttentionShape&, Threads&>;

}  // namespace pingjia::kernels
