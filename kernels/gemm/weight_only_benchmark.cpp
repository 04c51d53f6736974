#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/compare/products.h"
#include "kernels/gemm/linear_layers.h"
#include "kernels/gemm/weight_only.h"
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
    if (auto nan = nan_in(out_.span<Bf16>())) return nan;
    // Some columns at random, with the last one: all would take longer than the kernel.
    constexpr int kSome = 16;
    harness::Rng rng(1, "weight_only/check");
    std::vector<float> actual, weights(static_cast<std::size_t>(shape_.k));
    std::vector<double> expected;
    for (int i = 0; i < kSome; ++i) {
      const auto column =
          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(shape_.columns)));
      add(i == 0 ? shape_.columns - 1 : column, weights, actual, expected);
    }
    return difference_over(actual, expected, kBf16Tolerance);
  }

  std::vector<std::span<const std::byte>> operands() const override {
    auto memory = product_->weights();
    memory.push_back(a_.memory());
    return memory;
  }

 private:
  void add(std::int64_t column, std::vector<float>& weights, std::vector<float>& actual,
           std::vector<double>& expected) const {
    product_->dequantize(column, weights.data());
    for (std::int64_t row = 0; row < shape_.rows; ++row) {
      double sum = 0;
      for (std::int64_t i = 0; i < shape_.k; ++i) {
        sum += static_cast<double>(to_float(a_.as<Bf16>()[row * shape_.k + i])) *
               static_cast<double>(weights[static_cast<std::size_t>(i)]);
      }
      expected.push_back(sum);
      actual.push_back(to_float(out_.as<Bf16>()[row * shape_.columns + column]));
    }
  }

  GemmShape shape_;
  Guarded a_, out_;
  std::unique_ptr<WeightOnlyProduct> product_;
};

Case case_of(const ModelShape& model, const LinearLayer& layer, std::int64_t rows, int bits,
             const WeightOnlyMaker& maker) {
  const GemmShape shape{rows, layer.columns, layer.k};
  Case wanted;
  wanted.row.op = "gemm/" + layer.name;
  wanted.row.type = bits == 8 ? "w8a16" : "w4a16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"m", shape.rows}, {"n", shape.columns}, {"k", shape.k}};
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.row.flops = shape.flops();
  wanted.row.bytes = weight_only_bytes(shape, bits);
  wanted.absent = maker.absent;
  // While they are rounded, the weights lie there in bf16 too.
  wanted.memory_bytes = wanted.row.bytes + shape.minimum_bytes(2, 2);
  wanted.cache = "cold";
  wanted.prepare = [shape, maker](Threads& threads) {
    return std::make_unique<WeightOnlyTrial>(shape, maker, threads);
  };
  return wanted;
}

// One matrix of a layer in 8 and in 4 bits, for decode of one and of 16 sequences.
std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const LinearLayer& layer : linear_layers(model)) {
    if (layer.name != "o") continue;
    for (const int bits : {8, 4}) {
      for (const std::int64_t rows : {1, 16}) {
        for (const auto& maker : our_weight_only_products(bits)) {
          cases.push_back(case_of(model, layer, rows, bits, maker));
        }
        for (const auto& maker : other_weight_only_products(bits)) {
          cases.push_back(case_of(model, layer, rows, bits, maker));
        }
      }
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"gemm weight-only", cases_of});

}  // namespace
}  // namespace pingjia::kernels
