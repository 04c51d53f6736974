#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/compare/products.h"
#include "kernels/gemm/head_product.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

class HeadProductTrial final : public Trial {
 public:
  HeadProductTrial(const HeadShape& shape, const HeadProductMaker& maker, Threads& threads)
      : shape_(shape),
        weights_(shape.heads * shape.columns * shape.k * 2),
        a_(shape.rows * shape.heads * shape.k * 2),
        out_(shape.rows * shape.heads * shape.columns * 2) {
    fill_normals(weights_.span<Bf16>(), "heads/weights");
    fill_normals(a_.span<Bf16>(), "heads/a");
    product_ = maker.make(shape, weights_.as<Bf16>(), threads);
  }

  void run() override { product_->run(a_.as<Bf16>(), out_.as<Bf16>()); }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !a_.is_intact()) return "wrote beside its buffers";
    if (auto nan = nan_in(out_.span<Bf16>())) return nan;
    // Some at random: all would take longer than the kernel.
    constexpr int kSome = 512;
    harness::Rng rng(1, "heads/check");
    const auto below = [&](std::int64_t count) {
      return static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(count)));
    };
    std::vector<float> actual;
    std::vector<double> expected;
    for (int i = 0; i < kSome; ++i) {
      const std::int64_t row = below(shape_.rows), head = below(shape_.heads),
                         column = below(shape_.columns);
      const std::int64_t at = row * shape_.heads + head;
      const Bf16* a = a_.as<Bf16>() + at * shape_.k;
      const Bf16* weights = weights_.as<Bf16>() + (head * shape_.columns + column) * shape_.k;
      double sum = 0;
      for (std::int64_t j = 0; j < shape_.k; ++j) {
        sum += static_cast<double>(to_float(a[j])) * static_cast<double>(to_float(weights[j]));
      }
      expected.push_back(sum);
      actual.push_back(to_float(out_.as<Bf16>()[at * shape_.columns + column]));
    }
    return difference_over(actual, expected, kBf16Tolerance);
  }

  std::vector<std::span<const std::byte>> operands() const override {
    auto memory = product_->weights();
    memory.push_back(a_.memory());
    return memory;
  }

 private:
  HeadShape shape_;
  Guarded weights_, a_, out_;
  std::unique_ptr<Product<Bf16>> product_;
};

Case case_of(const std::string& op, const ModelShape& model, const HeadShape& shape,
             const HeadProductMaker& maker) {
  Case wanted;
  wanted.row.op = op;
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {
      {"m", shape.rows}, {"heads", shape.heads}, {"n", shape.columns}, {"k", shape.k}};
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.row.flops = shape.flops();
  wanted.row.bytes = shape.minimum_bytes();
  wanted.absent = maker.absent;
  // The weights, and once more as the implementation packs them.
  wanted.memory_bytes = 2 * wanted.row.bytes;
  wanted.cache = "cold";
  wanted.prepare = [shape, maker](Threads& threads) {
    return std::make_unique<HeadProductTrial>(shape, maker, threads);
  };
  return wanted;
}

// What decode with absorbed projections does before and after attention/mla_decode.
std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  if (!model.mla) return cases;
  for (const std::int64_t rows : {1, 16}) {
    const HeadShape into{rows, model.query_heads, model.mla->kv_lora, model.mla->nope};
    const HeadShape out_of{rows, model.query_heads, model.mla->value, model.mla->kv_lora};
    for (const auto& makers : {our_head_products(), other_head_products()}) {
      for (const HeadProductMaker& maker : makers) {
        cases.push_back(case_of("gemm/absorb_queries", model, into, maker));
      }
    }
    for (const auto& makers : {our_head_products(), other_head_products()}) {
      for (const HeadProductMaker& maker : makers) {
        cases.push_back(case_of("gemm/absorb_values", model, out_of, maker));
      }
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"gemm of heads", cases_of});

}  // namespace
}  // namespace pingjia::kernels
