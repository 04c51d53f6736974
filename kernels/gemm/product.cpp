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
ProductMaker<T> maker(Isa isa, const Micro& (*micro)(Isa)) {
  return {.implementation = "pingjia " + std::string(name(isa)),
          .ours = true,
          .absent = "",
          .make = [isa, micro](const GemmShape& shape, const T* weights, Threads& threads) {
            return std::make_unique<OurProduct<T>>(isa, micro(isa), shape, weights, threads);
          }};
}

}  // namespace

std::vector<ProductMaker<Bf16>> our_bf16_products() {
  std::vector<ProductMaker<Bf16>> makers;
  for (const Isa isa : {Isa::kAmx, Isa::kAvx512, Isa::kAvx2, Isa::kPortable}) {
    if (is_here(isa)) makers.push_back(maker<Bf16>(isa, bf16_micro));
  }
  return makers;
}

std::vector<ProductMaker<float>> our_fp32_products() {
  std::vector<ProductMaker<float>> makers;
  for (const Isa isa : {Isa::kAvx512, Isa::kAvx2, Isa::kPortable}) {
    if (is_here(isa)) makers.push_back(maker<float>(isa, fp32_micro));
  }
  return makers;
}

}  // namespace pingjia::kernels
