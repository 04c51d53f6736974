#include "kernels/compare/onednn/makers.h"
#include "kernels/compare/onednn/primitive.h"
#include "kernels/compare/onednn/team.h"

namespace pingjia::kernels {
namespace {

template <class T>
constexpr dnnl_data_type_t kType = sizeof(T) == 2 ? dnnl_bf16 : dnnl_f32;

template <class T>
Primitive matmul_of(const GemmShape& shape) {
  return Primitive::matmul(matrix_desc(shape.rows, shape.k, kType<T>, shape.k, 1),
                           any_matrix_desc(shape.k, shape.columns, kType<T>),
                           matrix_desc(shape.rows, shape.columns, kType<T>, shape.columns, 1));
}

template <class T>
class OneDnnProduct final : public Product<T> {
 public:
  OneDnnProduct(const GemmShape& shape, const T* weights, const Threads& threads)
      : team_(threads),
        matmul_(matmul_of<T>(shape)),
        weights_(matrix_desc(shape.k, shape.columns, kType<T>, 1, shape.k), weights,
                 matmul_.weights()) {}

  void run(const T* a, T* out) override {
    team_.use(team_.count());
    matmul_.run(a, &weights_.view(), out, scratch_);
  }
  std::vector<std::span<const std::byte>> weights() const override { return {weights_.memory()}; }

 private:
  OneDnnTeam team_;
  Primitive matmul_;
  PackedMatrix weights_;
  Buffer scratch_;
};

template <class T>
ProductMaker<T> maker() {
  return {.implementation = "onednn",
          .ours = false,
          .absent = OneDnn::get().absent,
          .make = [](const GemmShape& shape, const T* weights, Threads& threads) {
            return std::make_unique<OneDnnProduct<T>>(shape, weights, threads);
          }};
}

}  // namespace

ProductMaker<Bf16> onednn_bf16_product() {
  return maker<Bf16>();
}

ProductMaker<float> onednn_fp32_product() {
  return maker<float>();
}

}  // namespace pingjia::kernels
