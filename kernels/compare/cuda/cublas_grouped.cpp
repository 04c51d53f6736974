#include <cublas_v2.h>

#include <vector>

#include "kernels/compare/cuda/library.h"
#include "kernels/gemm/device_grouped.h"
#include "kernels/measure/cuda/memory.h"

namespace pingjia::kernels::cuda {
namespace {

void check(cublasStatus_t status, const char* what) {
  if (status == CUBLAS_STATUS_SUCCESS) return;
  throw std::runtime_error(std::string("cuBLAS could not ") + what + ": status " +
                           std::to_string(static_cast<int>(status)));
}

struct Cublas {
  std::shared_ptr<Library> library;
  // The header renames these by macros.
  cublasStatus_t (*create)(cublasHandle_t*) = nullptr;
  cublasStatus_t (*set_stream)(cublasHandle_t, cudaStream_t) = nullptr;
  cublasStatus_t (*set_workspace)(cublasHandle_t, void*, std::size_t) = nullptr;
  decltype(cublasGemmGroupedBatchedEx)* multiply = nullptr;
  cublasHandle_t handle = nullptr;
};

/// Null without the library. Lives as long as the program, as its handle does.
const Cublas* cublas() {
  static const std::unique_ptr<const Cublas> loaded = []() -> std::unique_ptr<const Cublas> {
    auto the = std::make_unique<Cublas>();
    the->library = Library::open({"libcublas.so.13", "libcublas.so.12", "libcublas.so"});
    if (the->library == nullptr) return nullptr;
    the->library->find(the->create, "cublasCreate_v2");
    the->library->find(the->set_stream, "cublasSetStream_v2");
    the->library->find(the->set_workspace, "cublasSetWorkspace_v2");
    the->library->find(the->multiply, "cublasGemmGroupedBatchedEx");
    check(the->create(&the->handle), "begin");
    return the;
  }();
  return loaded.get();
}

/// Groups of one product each: an expert that has tokens. Column-major, as in cublaslt.cpp. The
/// library reads pointers from the device, so each set of operands has its own list there, made at
/// its first call, which must not be in a graph.
class CublasGrouped final : public DeviceGrouped {
 public:
  explicit CublasGrouped(const GroupedShape& shape)
      : shape_(shape), starts_(shape.starts()), workspace_(kWorkspaceBytes) {
    for (std::size_t expert = 0; expert < shape.counts.size(); ++expert) {
      if (shape.counts[expert] == 0) continue;
      experts_.push_back(expert);
      tokens_.push_back(shape.counts[expert]);
    }
    const std::size_t count = experts_.size();
    columns_.assign(count, static_cast<int>(shape.columns));
    k_.assign(count, static_cast<int>(shape.k));
    one_each_.assign(count, 1);
    ones_.assign(count, 1);
    zeros_.assign(count, 0);
    transposed_.assign(count, CUBLAS_OP_T);
    plain_.assign(count, CUBLAS_OP_N);
  }

  void enqueue(const std::uint16_t* a, const std::uint16_t* weights, std::uint16_t* out,
               Stream stream) override {
    const Cublas& the = *cublas();
    const Pointers& at = pointers_of(a, weights, out);
    check(the.set_stream(the.handle, stream), "take a stream");
    check(the.set_workspace(the.handle, workspace_.as<void>(), kWorkspaceBytes),
          "take a workspace");
    check(the.multiply(the.handle, transposed_.data(), plain_.data(), columns_.data(),
                       tokens_.data(), k_.data(), ones_.data(), at.weights.as<const void*>(),
                       CUDA_R_16BF, k_.data(), at.a.as<const void*>(), CUDA_R_16BF, k_.data(),
                       zeros_.data(), at.out.as<void*>(), CUDA_R_16BF, columns_.data(),
                       static_cast<int>(experts_.size()), one_each_.data(), CUBLAS_COMPUTE_32F),
          "multiply groups");
  }

 private:
  static constexpr std::size_t kWorkspaceBytes = std::size_t{64} << 20;

  struct Pointers {
    const std::uint16_t* key;
    Memory a, weights, out;
  };

  const Pointers& pointers_of(const std::uint16_t* a, const std::uint16_t* weights,
                              std::uint16_t* out) {
    for (const Pointers& known : pointers_) {
      if (known.key == weights) return known;
    }
    std::vector<const void*> as, bs, cs;
    for (const std::size_t expert : experts_) {
      as.push_back(a + starts_[expert] * shape_.k);
      bs.push_back(weights + static_cast<std::int64_t>(expert) * shape_.columns * shape_.k);
      cs.push_back(out + starts_[expert] * shape_.columns);
    }
    pointers_.push_back({weights, on_device(as), on_device(bs), on_device(cs)});
    return pointers_.back();
  }

  GroupedShape shape_;
  std::vector<int> starts_;
  Memory workspace_;
  std::vector<std::size_t> experts_;
  std::vector<int> tokens_, columns_, k_, one_each_;
  std::vector<float> ones_, zeros_;
  std::vector<cublasOperation_t> transposed_, plain_;
  std::vector<Pointers> pointers_;
};

}  // namespace

DeviceGroupedMaker cublas_grouped() {
  DeviceGroupedMaker maker{
      .implementation = "cublas grouped", .ours = false, .absent = "", .make = {}};
  try {
    if (cublas() == nullptr) maker.absent = "libcublas is not installed";
  } catch (const std::runtime_error& error) {
    maker.absent = error.what();
  }
  maker.make = [](const GroupedShape& shape) { return std::make_unique<CublasGrouped>(shape); };
  return maker;
}

}  // namespace pingjia::kernels::cuda
