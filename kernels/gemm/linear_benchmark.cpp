#include <algorithm>

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/compare/products.h"
#include "kernels/gemm/linear_layers.h"
#include "kernels/gemm/product.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

template <class T>
class LinearTrial final : public Trial {
 public:
  LinearTrial(const GemmShape& shape, const ProductMaker<T>& maker, Threads& threads)
      : shape_(shape),
        weights_(shape.columns * shape.k * std::int64_t{sizeof(T)}),
        a_(shape.rows * shape.k * std::int64_t{sizeof(T)}),
        out_(shape.rows * shape.columns * std::int64_t{sizeof(T)}) {
    fill_normals(weights_.span<T>(), "linear/weights");
    fill_normals(a_.span<T>(), "linear/a");
    product_ = maker.make(shape, weights_.as<T>(), threads);
  }

  void run() override { product_->run(a_.as<T>(), out_.as<T>()); }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !a_.is_intact()) return "wrote beside its buffers";
    if (auto nan = nan_in(out_.span<T>())) return nan;
    // All of them would take longer than the kernel: some at random, with the corners.
    constexpr int kSome = 256;
    harness::Rng rng(1, "linear/check");
    std::vector<float> actual;
    std::vector<double> expected;
    for (int i = 0; i < kSome; ++i) {
      const auto row =
          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(shape_.rows)));
      const auto column =
          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(shape_.columns)));
      add(i == 0 ? 0 : row, i == 0 ? 0 : column, actual, expected);
    }
    add(shape_.rows - 1, shape_.columns - 1, actual, expected);
    return difference_over(actual, expected, sizeof(T) == 2 ? kBf16Tolerance : kFp32Tolerance);
  }

  std::vector<std::span<const std::byte>> operands() const override {
    auto memory = product_->weights();
    memory.push_back(a_.memory());
    return memory;
  }

 private:
  void add(std::int64_t row, std::int64_t column, std::vector<float>& actual,
           std::vector<double>& expected) const {
    double sum = 0;
    for (std::int64_t i = 0; i < shape_.k; ++i) {
      sum += static_cast<double>(to_float(a_.template as<T>()[row * shape_.k + i])) *
             static_cast<double>(to_float(weights_.template as<T>()[column * shape_.k + i]));
    }
    actual.push_back(to_float(out_.template as<T>()[row * shape_.columns + column]));
    expected.push_back(sum);
  }

  GemmShape shape_;
  Guarded weights_, a_, out_;
  std::unique_ptr<Product<T>> product_;
};

template <class T>
void add_cases(const ModelShape& model, const LinearLayer& layer, std::int64_t rows,
               const std::vector<ProductMaker<T>>& makers, std::vector<Case>& cases) {
  const GemmShape shape{rows, layer.columns, layer.k};
  for (const ProductMaker<T>& maker : makers) {
    Case wanted;
    wanted.row.op = "gemm/" + layer.name;
    wanted.row.type = sizeof(T) == 2 ? "bf16" : "fp32";
    wanted.row.model = model.name;
    wanted.row.shape = {{"m", shape.rows}, {"n", shape.columns}, {"k", shape.k}};
    wanted.row.implementation = maker.implementation;
    wanted.row.ours = maker.ours;
    wanted.row.flops = shape.flops();
    wanted.row.bytes = shape.minimum_bytes(sizeof(T), sizeof(T));
    wanted.absent = maker.absent;
    // The weights, and once more as the implementation packs them.
    wanted.memory_bytes = 2 * wanted.row.bytes;
    // Few tokens: decode, where every layer's weights come from memory.
    wanted.cache = rows <= 64 ? "cold" : "hot";
    wanted.prepare = [shape, maker](Threads& threads) {
      return std::make_unique<LinearTrial<T>>(shape, maker, threads);
    };
    cases.push_back(wanted);
  }
}

// gemm/LAYER: every matrix of a layer in bf16, for one token of decode and a chunk of prefill
// (512); one matrix also for a batch of decode (16) and in fp32, which the BLAS libraries have too.
std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const LinearLayer& layer : linear_layers(model)) {
    for (const std::int64_t rows : {1, 16, 512}) {
      if (rows == 16 && layer.name != "o") continue;
      add_cases(model, layer, rows, our_bf16_products(), cases);
      add_cases(model, layer, rows, other_bf16_products(), cases);
    }
    if (layer.name != "o") continue;
    for (const std::int64_t rows : {1, 512}) {
      add_cases(model, layer, rows, our_fp32_products(), cases);
      add_cases(model, layer, rows, other_fp32_products(), cases);
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"gemm", cases_of});

}  // namespace
}  // namespace pingjia::kernels
