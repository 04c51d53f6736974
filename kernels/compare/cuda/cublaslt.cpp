#include <cublasLt.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/compare/cuda/library.h"
#include "kernels/gemm/device_gemm.h"
#include "kernels/measure/cuda/device_trial.h"

namespace pingjia::kernels::cuda {
namespace {

void check(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw std::runtime_error(std::string("cuBLASLt could not ") + what + ": status " +
                           std::to_string(static_cast<int>(status)));
}

struct Lt {
  std::shared_ptr<Library> library;
  decltype(cublasLtCreate)* create = nullptr;
  decltype(cublasLtMatmulDescCreate)* make_product = nullptr;
  decltype(cublasLtMatmulDescSetAttribute)* set_product = nullptr;
  decltype(cublasLtMatrixLayoutCreate)* make_layout = nullptr;
  decltype(cublasLtMatmulPreferenceCreate)* make_preference = nullptr;
  decltype(cublasLtMatmulPreferenceSetAttribute)* set_preference = nullptr;
  decltype(cublasLtMatmulAlgoGetHeuristic)* find_algorithms = nullptr;
  decltype(cublasLtMatmul)* multiply = nullptr;
  cublasLtHandle_t handle = nullptr;
};

/// Null without the library. Lives as long as the program, as its handle does.
const Lt* lt() {
  static const std::unique_ptr<const Lt> loaded = []() -> std::unique_ptr<const Lt> {
    auto the = std::make_unique<Lt>();
    the->library = Library::open({"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so"});
    if (the->library == nullptr) return nullptr;
    the->library->find(the->create, "cublasLtCreate");
    the->library->find(the->make_product, "cublasLtMatmulDescCreate");
    the->library->find(the->set_product, "cublasLtMatmulDescSetAttribute");
    the->library->find(the->make_layout, "cublasLtMatrixLayoutCreate");
    the->library->find(the->make_preference, "cublasLtMatmulPreferenceCreate");
    the->library->find(the->set_preference, "cublasLtMatmulPreferenceSetAttribute");
    the->library->find(the->find_algorithms, "cublasLtMatmulAlgoGetHeuristic");
    the->library->find(the->multiply, "cublasLtMatmul");
    check(the->create(&the->handle), "begin");
    return the;
  }();
  return loaded.get();
}

/// Its matrices are column-major: what is a[rows][k] here is k by rows there, and out^T = weights
/// a^T there is `weights` transposed times `a`.
class LtGemm final : public DeviceGemm {
 public:
  explicit LtGemm(const GemmShape& shape) : lt_(*lt()), workspace_(kWorkspaceBytes) {
    check(lt_.make_product(&product_, CUBLAS_COMPUTE_32F, CUDA_R_32F), "describe a product");
    const cublasOperation_t transposed = CUBLAS_OP_T, plain = CUBLAS_OP_N;
    set(CUBLASLT_MATMUL_DESC_TRANSA, transposed);
    set(CUBLASLT_MATMUL_DESC_TRANSB, plain);
    weights_ = layout(shape.k, shape.columns);
    a_ = layout(shape.k, shape.rows);
    out_ = layout(shape.columns, shape.rows);
    find_algorithms();
  }

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    check(run(algorithms_[chosen_], a, weights, out, stream), "multiply");
  }

  void tune(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out) override {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < algorithms_.size(); ++i) {
      const double seconds = median_of(algorithms_[i], a, weights, out);
      if (seconds < best) best = seconds, chosen_ = i;
    }
  }

 private:
  static constexpr std::size_t kWorkspaceBytes = std::size_t{64} << 20;
  static constexpr int kMostAlgorithms = 16;
  using Algorithm = cublasLtMatmulAlgo_t;

  template <class Value>
  void set(cublasLtMatmulDescAttributes_t attribute, const Value& value) {
    check(lt_.set_product(product_, attribute, &value, sizeof value), "describe a product");
  }
  cublasLtMatrixLayout_t layout(std::int64_t rows, std::int64_t columns) const {
    cublasLtMatrixLayout_t made = nullptr;
    check(lt_.make_layout(&made, CUDA_R_16BF, static_cast<std::uint64_t>(rows),
                          static_cast<std::uint64_t>(columns), rows),
          "describe a matrix");
    return made;
  }
  void find_algorithms() {
    cublasLtMatmulPreference_t preference = nullptr;
    check(lt_.make_preference(&preference), "state a preference");
    check(lt_.set_preference(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &kWorkspaceBytes,
                             sizeof kWorkspaceBytes),
          "state a preference");
    cublasLtMatmulHeuristicResult_t found[kMostAlgorithms];
    int count = 0;
    check(lt_.find_algorithms(lt_.handle, product_, weights_, a_, out_, out_, preference,
                              kMostAlgorithms, found, &count),
          "find an algorithm");
    for (int i = 0; i < count; ++i) {
      if (found[i].state == CUBLAS_STATUS_SUCCESS) algorithms_.push_back(found[i].algo);
    }
    if (algorithms_.empty()) throw Unsupported("cuBLASLt has no algorithm for this shape");
  }
  cublasStatus_t run(const Algorithm& algorithm, const std::uint16_t* a,
                     const std::uint16_t* weights, std::uint16_t* out, Stream stream) const {
    const float one = 1, zero = 0;
    return lt_.multiply(lt_.handle, product_, &one, weights, weights_, a, a_, &zero, out, out_, out,
                        out_, &algorithm, workspace_.as<void>(), kWorkspaceBytes, stream);
  }
  /// Of some calls; infinite when the algorithm refuses.
  double median_of(const Algorithm& algorithm, const std::uint16_t* a, const std::uint16_t* weights,
                   std::uint16_t* out) const {
    constexpr int kTries = 5;
    Timer& timer = device_timer();
    if (run(algorithm, a, weights, out, timer.stream()) != CUBLAS_STATUS_SUCCESS) {
      return std::numeric_limits<double>::infinity();
    }
    timer.wait();
    std::vector<double> seconds;
    for (int i = 0; i < kTries; ++i) {
      const Work call = [&](Stream stream) { run(algorithm, a, weights, out, stream); };
      seconds.push_back(timer.time(call, 1, true).seconds);
    }
    std::nth_element(seconds.begin(), seconds.begin() + kTries / 2, seconds.end());
    return seconds[kTries / 2];
  }

  const Lt& lt_;
  Memory workspace_;
  // A few hundred bytes each, which the library frees at the program's end.
  cublasLtMatmulDesc_t product_ = nullptr;
  cublasLtMatrixLayout_t weights_ = nullptr, a_ = nullptr, out_ = nullptr;
  std::vector<Algorithm> algorithms_;
  std::size_t chosen_ = 0;
};

}  // namespace

DeviceGemmMaker cublaslt_gemm() {
  DeviceGemmMaker maker{.implementation = "cublaslt", .ours = false, .absent = "", .make = {}};
  try {
    if (lt() == nullptr) maker.absent = "libcublasLt is not installed";
  } catch (const std::runtime_error& error) {
    maker.absent = error.what();
  }
  maker.make = [](const GemmShape& shape) { return std::make_unique<LtGemm>(shape); };
  return maker;
}

}  // namespace pingjia::kernels::cuda
