#pragma once

#include <span>
#include <vector>

#include "kernels/gemm/dense.h"
#include "kernels/maker.h"

namespace pingjia::kernels {

/// A linear layer ready to run: out[rows][columns] = a[rows][k] times the transpose of its weights,
/// all dense and row-major. T is float, or Bf16 with sums in fp32.
template <class T>
class Product {
 public:
  virtual ~Product() = default;
  virtual void run(const T* a, T* out) = 0;
  /// The weights as run() reads them, for a row that wants them out of the caches.
  virtual std::vector<std::span<const std::byte>> weights() const = 0;
};

/// `weights` are [columns][k]. As many threads as `threads` has.
template <class T>
using ProductMaker = Maker<Product<T>, const GemmShape&, const T*, Threads&>;

/// Ours for each instruction set that is here, the best first.
std::vector<ProductMaker<Bf16>> our_bf16_products();
std::vector<ProductMaker<float>> our_fp32_products();

}  // namespace pingjia::kernels
