#include "kernels/gemm/product.h"

namespace pingjia::kernels {
namespace {

template <class T>
class OurProduct final : public Product<T> {
 public:
  OurProduct(Isa isa, const Micro& micro, const GemmShape& shape, const T* weights,
             Threads& threads)
      : shape_(shape),
        weights_(micro, weights, shape.columns, shape.k, threads),
        gemm_(isa, weights_, threads, shape.rows) {}

  void run(const T* a, T* out) override { gemm_.run(a, shape_.rows, out); }
  std::vector<std::span<const std::byte>> weights() const override { return {weights_.memory()}; }

 private:
  GemmShape shape_;
  PackedWeights weights_;
  Gemm gemm_;
};

template <class T>
auto make_with(const Micro& (*micro)(Isa)) {
  return [micro](Isa isa) {
    return [isa, micro](const GemmShape& shape, const T* weights, Threads& threads) {
      return std::make_unique<OurProduct<T>>(isa, micro(isa), shape, weights, threads);
    };
  };
}

}  // namespace

std::vector<ProductMaker<Bf16>> our_bf16_products() {
  return our_makers<ProductMaker<Bf16>>(make_with<Bf16>(bf16_micro));
}

std::vector<ProductMaker<float>> our_fp32_products() {
  return our_makers<ProductMaker<float>>(make_with<float>(fp32_micro),
                                         {Isa::kAvx512, Isa::kAvx2, Isa::kPortable});
}

}  // namespace pingjia::kernels
