#include <sched.h>

#include <cstring>
#include <optional>

#include "kernels/compare/blas/makers.h"
#include "kernels/compare/library.h"
#include "kernels/compare/wide_affinity.h"
#include "kernels/processor/buffer.h"

namespace pingjia::kernels {
namespace {

// Of cblas.h, which need not be installed.
constexpr int kRowMajor = 101, kPlain = 111, kTransposed = 112;
using Sgemm = void(int order, int trans_a, int trans_b, int m, int n, int k, float alpha,
                   const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);

struct Blas {
  Sgemm* sgemm = nullptr;
  void (*openblas_threads)(int) = nullptr;
  /// Of its own threads, counted without the caller's.
  int (*openblas_affinity)(int, std::size_t, cpu_set_t*) = nullptr;
  void (*blis_threads)(std::int64_t) = nullptr;
};

/// As many threads as `threads` has. OpenBLAS keeps its own: each goes to a processor of its own.
void use_threads(const Blas& blas, const Threads& threads) {
  if (blas.blis_threads) {
    // Debian's is the build with 32-bit integers, which reads the lower half.
    blas.blis_threads(threads.count());
    return;
  }
  const std::vector<int>& processors = threads.processors();
  const WideAffinity wide(processors);
  blas.openblas_threads(threads.count());
  if (static_cast<std::size_t>(threads.count()) > processors.size()) return;
  for (int thread = 1; thread < threads.count(); ++thread) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(processors[static_cast<std::size_t>(thread)]), &set);
    blas.openblas_affinity(thread - 1, sizeof set, &set);
  }
}

class BlasProduct final : public Product<float> {
 public:
  BlasProduct(const Blas& blas, const GemmShape& shape, const float* weights,
              const Threads& threads)
      : blas_(blas),
        shape_(shape),
        threads_(threads),
        weights_(shape.columns * shape.k * std::int64_t{sizeof(float)}) {
    std::memcpy(weights_.data(), weights, static_cast<std::size_t>(weights_.bytes()));
    use_threads(blas, threads);
  }

  void run(const float* a, float* out) override {
    // BLIS starts its threads at every call, and they inherit where the caller may run.
    std::optional<WideAffinity> wide;
    if (blas_.blis_threads) wide.emplace(threads_.processors());
    const auto n = static_cast<int>(shape_.columns), k = static_cast<int>(shape_.k);
    blas_.sgemm(kRowMajor, kPlain, kTransposed, static_cast<int>(shape_.rows), n, k, 1, a, k,
                weights_.as<float>(), k, 0, out, n);
  }
  std::vector<std::span<const std::byte>> weights() const override {
    return {{weights_.data(), static_cast<std::size_t>(weights_.bytes())}};
  }

 private:
  Blas blas_;
  GemmShape shape_;
  const Threads& threads_;
  Buffer weights_;
};

ProductMaker<float> maker(const char* name, const std::string& absent, const Blas& blas) {
  return {.implementation = name,
          .ours = false,
          .absent = absent,
          .make = [blas](const GemmShape& shape, const float* weights, Threads& threads) {
            return std::make_unique<BlasProduct>(blas, shape, weights, threads);
          }};
}

constexpr const char* kOpenBlasPackage = "libopenblas0-pthread";

}  // namespace

ProductMaker<float> openblas_product(const char* file) {
  Library library(file, kOpenBlasPackage);
  Blas blas;
  library.find("cblas_sgemm", blas.sgemm);
  library.find("openblas_set_num_threads", blas.openblas_threads);
  library.find("openblas_setaffinity", blas.openblas_affinity);
  return maker("openblas", library.absent(), blas);
}

ProductMaker<float> blis_product(const char* file) {
  Library library(file, "libblis4-pthread");
  Blas blas;
  library.find("cblas_sgemm", blas.sgemm);
  library.find("bli_thread_set_num_threads", blas.blis_threads);
  return maker("blis", library.absent(), blas);
}

ProductMaker<Bf16> openblas_bf16_product() {
  Library library("libopenblas.so.0", kOpenBlasPackage);
  void (*sbgemm)() = nullptr;
  library.find("cblas_sbgemm", sbgemm);
  const std::string absent =
      library.absent().empty() ? "OpenBLAS's cblas_sbgemm is not called here" : library.absent();
  return {.implementation = "openblas", .ours = false, .absent = absent, .make = {}};
}

}  // namespace pingjia::kernels
