#include "kernels/compare/products.h"
#include "kernels/gemm/weight_only.h"
#include "kernels/gemm/weight_only_cases.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

class WeightOnlyTrial final : public Trial {
 public:
  WeightOnlyTrial(const GemmShape& shape, const WeightOnlyMaker& maker, Threads& threads)
      : shape_(shape), a_(shape.rows * shape.k * 2), out_(shape.rows * shape.columns * 2) {
    Guarded weights(shape.columns * shape.k * 2);
    fill_normals(weights.span<Bf16>(), "weight_only/weights");
    fill_normals(a_.span<Bf16>(), "weight_only/a");
    product_ = maker.make(shape, weights.as<Bf16>(), threads);
  }

  void run() override { product_->run(a_.as<Bf16>(), out_.as<Bf16>()); }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !a_.is_intact()) return "wrote beside its buffers";
    return weight_only_fault(
        shape_, a_.as<Bf16>(), out_.span<Bf16>(),
        [this](std::int64_t column, float* to) { product_->dequantize(column, to); });
  }

  std::vector<std::span<const std::byte>> operands() const override {
    auto memory = product_->weights();
    memory.push_back(a_.memory());
    return memory;
  }

 private:
  GemmShape shape_;
  Guarded a_, out_;
  std::unique_ptr<WeightOnlyProduct> product_;
};

Case case_of(const WeightOnlyCase& the, const WeightOnlyMaker& maker) {
  Case wanted = the.row;
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.absent = maker.absent;
  wanted.prepare = [shape = the.shape, maker](Threads& threads) {
    return std::make_unique<WeightOnlyTrial>(shape, maker, threads);
  };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const WeightOnlyCase& the : weight_only_cases(model)) {
    for (const auto& maker : our_weight_only_products(the.bits)) {
      cases.push_back(case_of(the, maker));
    }
    for (const auto& maker : other_weight_only_products(the.bits)) {
      cases.push_back(case_of(the, maker));
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"gemm weight-only", cases_of});

}  // namespace
}  // namespace pingjia::kernels
