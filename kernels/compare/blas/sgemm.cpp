#include <cstdlib>
#include <cstring>
#include <optional>

#include "kernels/compare/blas/makers.h"
#include "kernels/compare/library.h"
#include "kernels/compare/wide_affinity.h"
#include "kernels/processor/buffer.h"
#include "kernels/processor/isa.h"

namespace pingjia::kernels {
namespace {

// Values of the CBLAS interface, as both libraries number them.
constexpr int kRowMajor = 101, kNoTranspose = 111, kTranspose = 112;

struct Blas {
  std::string absent;
  void (*sgemm)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);
  std::function<void(int)> use_threads;
  /// OpenBLAS starts its threads when it is loaded, perhaps by a caller pinned to one processor,
  /// and all of them stay there: ended, they are started anew. Null: none to end.
  int (*end_threads)();
  int (*start_threads)();
};

/// BLAS packs its operands in every call: the interface has no other way.
class SgemmProduct final : public Product<float> {
 public:
  SgemmProduct(const Blas& blas, const GemmShape& shape, const float* weights,
               const Threads& threads)
      : blas_(blas),
        shape_(shape),
        threads_(threads),
        weights_(shape.columns * shape.k * std::int64_t{sizeof(float)}) {
    std::memcpy(weights_.data(), weights, static_cast<std::size_t>(weights_.bytes()));
    if (!blas.end_threads) return;
    // Beside the caller's processor, not on it: both spin.
    std::vector<int> others = threads.processors();
    if (others.size() > 1) others.erase(others.begin());
    const WideAffinity beside(others);
    blas.end_threads();
    blas.use_threads(threads.count());
    blas.start_threads();
  }

  void run(const float* a, float* out) override {
    // BLIS starts its threads in every call.
    std::optional<WideAffinity> wide;
    if (!blas_.end_threads) wide.emplace(threads_.processors());
    blas_.use_threads(threads_.count());
    const auto rows = static_cast<int>(shape_.rows), columns = static_cast<int>(shape_.columns),
               k = static_cast<int>(shape_.k);
    blas_.sgemm(kRowMajor, kNoTranspose, kTranspose, rows, columns, k, 1, a, k,
                weights_.as<float>(), k, 0, out, columns);
  }
  std::vector<std::span<const std::byte>> weights() const override {
    return {{weights_.data(), static_cast<std::size_t>(weights_.bytes())}};
  }

 private:
  const Blas& blas_;
  GemmShape shape_;
  const Threads& threads_;
  Buffer weights_;
};

ProductMaker<float> maker(const std::string& implementation, const Blas& blas) {
  return {.implementation = implementation,
          .ours = false,
          .absent = blas.absent,
          .make = [&blas](const GemmShape& shape, const float* weights, Threads& threads) {
            return std::make_unique<SgemmProduct>(blas, shape, weights, threads);
          }};
}

Blas load_openblas() {
  // 0.3.21 does not know newer processors than it and takes them for a Prescott, 10 times slower.
  if (is_here(Isa::kAvx512)) setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
  // By its folder: which BLAS the plain name means is Debian's "alternatives" to choose.
  Library library("/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0",
                  "libopenblas0-pthread");
  Blas blas{};
  void (*use_threads)(int) = nullptr;
  library.find("cblas_sgemm", blas.sgemm);
  library.find("openblas_set_num_threads", use_threads);
  library.find("blas_thread_shutdown_", blas.end_threads);
  library.find("blas_thread_init", blas.start_threads);
  blas.use_threads = use_threads;
  blas.absent = library.absent();
  return blas;
}

Blas load_blis() {
  Library library("/usr/lib/x86_64-linux-gnu/blis-pthread/libblis.so.4", "libblis4-pthread");
  Blas blas{};
  void (*use_threads)(std::int64_t) = nullptr;
  library.find("cblas_sgemm", blas.sgemm);
  library.find("bli_thread_set_num_threads", use_threads);
  blas.use_threads = use_threads;
  blas.absent = library.absent();
  return blas;
}

}  // namespace

ProductMaker<float> openblas_product() {
  static const Blas blas = load_openblas();
  return maker("openblas", blas);
}

ProductMaker<float> blis_product() {
  static const Blas blas = load_blis();
  return maker("blis", blas);
}

}  // namespace pingjia::kernels
