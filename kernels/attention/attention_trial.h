#pragma once

#include "kernels/attention/call.h"
#include "kernels/measure/guarded.h"
#include "kernels/measure/trial.h"

namespace pingjia::kernels {

/// An attention call on tensors of standard normals, checked against attention_row_reference on
/// some of its rows; all of its outputs must be numbers.
class AttentionTrial final : public Trial {
 public:
  AttentionTrial(const AttentionShape& shape, const AttentionMaker& maker, Threads& threads);

  void run() override;
  std::optional<std::string> check() override;
  std::vector<std::span<const std::byte>> operands() const override;

 private:
  AttentionShape shape_;
  Guarded q_, k_, v_, out_;
  std::unique_ptr<AttentionCall> call_;
};

/// What is wrong with the outputs of such a call, as Trial::check says it.
std::optional<std::string> attention_fault(const AttentionShape& shape, const Bf16* q,
                                           const Bf16* k, const Bf16* v, std::span<Bf16> out);

/// The case of one shape and implementation, named `op`.
Case attention_case(const std::string& op, const std::string& model, const AttentionShape& shape,
                    const AttentionMaker& maker);

}  // namespace pingjia::kernels
