#include <algorithm>

#include "kernels/gemm/device_weights.h"
#include "kernels/gemm/weight_only_cases.h"
#include "kernels/gemm/weight_only_cuda.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

QuantizedWeights normal_weights(const WeightOnlyCase& the, Threads& threads) {
  Guarded weights(the.shape.columns * the.shape.k * 2);
  fill_normals(weights.span<Bf16>(), "weight_only/weights");
  return {the.bits, weights.as<Bf16>(), the.shape.columns, the.shape.k, threads};
}

class WeightOnlyTrial final : public DeviceTrial {
 public:
  WeightOnlyTrial(const WeightOnlyCase& the, Threads& threads)
      : DeviceTrial(static_cast<std::int64_t>(the.row.row.bytes)),
        shape_(the.shape),
        host_weights_(normal_weights(the, threads)),
        host_a_(the.shape.rows * the.shape.k * 2),
        weights_(device_weights(host_weights_, threads), copies()),
        out_(the.shape.rows * the.shape.columns * 2) {
    fill_normals(host_a_.span<Bf16>(), "weight_only/a");
    a_ = operand_on_device(host_a_.memory());
    const auto columns = static_cast<int>(shape_.columns), k = static_cast<int>(shape_.k);
    call_ = {.a = a_.as<std::uint16_t>(),
             .out = out_.as<std::uint16_t>(),
             .bits = the.bits,
             .rows = static_cast<int>(shape_.rows),
             .columns = columns,
             .k = k,
             .splits = weight_only_splits(columns, k, first_device().device->multiprocessors)};
    scratch_ = Memory(4 * std::max<std::int64_t>(1, weight_only_scratch(call_)));
    call_.scratch = scratch_.as<float>();
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !a_.is_intact() || !weights_.is_intact() || !scratch_.is_intact()) {
      return "wrote beside its buffers";
    }
    return weight_only_fault(
        shape_, host_a_.as<Bf16>(), on_host<Bf16>(out_),
        [this](std::int64_t column, float* to) { host_weights_.dequantize(column, to); });
  }

 private:
  void enqueue(int copy, Stream stream) override {
    call_.weights = weights_.as<std::byte>(copy);
    weight_only_gemm(call_, stream);
  }

  GemmShape shape_;
  QuantizedWeights host_weights_;
  Guarded host_a_;
  Rotating weights_;
  Memory a_, out_, scratch_;
  WeightOnlyCall call_;
};

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const WeightOnlyCase& the : weight_only_cases(model)) {
    Case wanted = the.row;
    wanted.row.implementation = "pingjia sm_80";
    wanted.row.ours = true;
    wanted.prepare = [the](Threads& threads) {
      return std::make_unique<WeightOnlyTrial>(the, threads);
    };
    cases.push_back(wanted);
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "gemm weight-only", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
