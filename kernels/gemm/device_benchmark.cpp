#include <algorithm>

#include "harness/base/rng.h"
#include "kernels/closeness.h"
#include "kernels/gemm/device_gemm.h"
#include "kernels/gemm/linear_layers.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

std::int64_t rows_room(const GemmShape& shape) {
  constexpr std::int64_t kRoom = DeviceGemm::kRowsRoom;
  return (shape.rows + kRoom - 1) / kRoom * kRoom;
}

class LinearTrial final : public DeviceTrial {
 public:
  LinearTrial(const GemmShape& shape, const DeviceGemmMaker& maker)
      : DeviceTrial(2 * shape.columns * shape.k),
        shape_(shape),
        host_weights_(shape.columns * shape.k * 2),
        host_a_(rows_room(shape) * shape.k * 2),
        out_(rows_room(shape) * shape.columns * 2) {
    fill_normals(host_weights_.span<Bf16>(), "linear/weights");
    fill_normals(host_a_.span<Bf16>(), "linear/a");
    weights_ = Rotating(host_weights_.memory(), copies());
    a_ = operand_on_device(host_a_.memory());
    product_ = maker.make(shape);
    product_->tune(a_.as<std::uint16_t>(), weights_.as<std::uint16_t>(0), out_.as<std::uint16_t>());
    out_.poison();
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !a_.is_intact() || !weights_.is_intact()) {
      return "wrote beside its buffers";
    }
    const std::vector<Bf16> out = on_host<Bf16>(out_);
    const auto count = static_cast<std::size_t>(shape_.rows * shape_.columns);
    if (auto nan = nan_in(std::span<const Bf16>(out).first(count))) return nan;
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
      add(out, i == 0 ? 0 : row, i == 0 ? 0 : column, actual, expected);
    }
    add(out, shape_.rows - 1, shape_.columns - 1, actual, expected);
    return difference_over(actual, expected, kBf16Tolerance);
  }

 private:
  void enqueue(int copy, Stream stream) override {
    product_->enqueue(a_.as<std::uint16_t>(), weights_.as<std::uint16_t>(copy),
                      out_.as<std::uint16_t>(), stream);
  }
  void add(const std::vector<Bf16>& out, std::int64_t row, std::int64_t column,
           std::vector<float>& actual, std::vector<double>& expected) const {
    double sum = 0;
    for (std::int64_t i = 0; i < shape_.k; ++i) {
      sum += double{to_float(host_a_.as<Bf16>()[row * shape_.k + i])} *
             to_float(host_weights_.as<Bf16>()[column * shape_.k + i]);
    }
    actual.push_back(to_float(out[static_cast<std::size_t>(row * shape_.columns + column)]));
    expected.push_back(sum);
  }

  GemmShape shape_;
  Guarded host_weights_, host_a_;
  Rotating weights_;
  Memory a_, out_;
  std::unique_ptr<DeviceGemm> product_;
};

Case case_of(const ModelShape& model, const LinearLayer& layer, std::int64_t rows,
             const DeviceGemmMaker& maker) {
  const GemmShape shape{rows, layer.columns, layer.k};
  Case wanted;
  wanted.row.op = "gemm/" + layer.name;
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"m", shape.rows}, {"n", shape.columns}, {"k", shape.k}};
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.row.flops = shape.flops();
  wanted.row.bytes = shape.minimum_bytes(2, 2);
  wanted.absent = maker.absent;
  wanted.memory_bytes = 2 * wanted.row.bytes;
  // Few tokens: decode, where every layer's weights come from memory.
  wanted.cache = rows <= 64 ? "cold" : "hot";
  wanted.prepare = [shape, maker](Threads&) { return std::make_unique<LinearTrial>(shape, maker); };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const LinearLayer& layer : linear_layers(model)) {
    for (const std::int64_t rows : {1, 16, 64, 4096}) {
      if (rows == 16 && layer.name != "o") continue;
      if (rows <= 16) cases.push_back(case_of(model, layer, rows, our_skinny_gemm()));
      for (const DeviceGemmMaker& maker : {our_device_gemm(), cublaslt_gemm()}) {
        cases.push_back(case_of(model, layer, rows, maker));
      }
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "gemm", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
