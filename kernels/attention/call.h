#pragma once

#include <functional>
#include <memory>
#include <string>

#include "kernels/attention/shape.h"
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

/// One implementation of it: ours for an instruction set, or a library's.
struct AttentionMaker {
  std::string implementation;  ///< "pingjia amx", "ggml"
  bool ours = false;
  std::string absent;  ///< Why it cannot run here; empty: it can.
  std::function<std::unique_ptr<AttentionCall>(const AttentionShape&, Threads&)> make;
};

}  // namespace pingjia::kernels
