#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kernels/gemm/dense.h"

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

/// One implementation of it: ours for an instruction set, or a library's.
template <class T>
struct ProductMaker {
  std::string implementation;  ///< "pingjia amx", "onednn"
  bool ours = false;
  std::string absent;  ///< Why it cannot run here; empty: it can.
  /// `weights` [columns][k] may be gone when the product runs; packing them belongs to the making,
  /// as an engine packs when it loads a model. As many threads as `threads` has.
  std::function<std::unique_ptr<Product<T>>(const GemmShape&, const T* weights, Threads& threads)>
      make;
};

/// Ours for each instruction set that is here, the best first.
std::vector<ProductMaker<Bf16>> our_bf16_products();
std::vector<ProductMaker<float>> our_fp32_products();

}  // namespace pingjia::kernels
