#include "kernels/cuda/fp8.cuh"
#include "kernels/gemm/expert_blocks.h"
#include "kernels/gemm/fp8_weights.h"
#include "kernels/gemm/grouped_cases.h"
#include "kernels/gemm/grouped_fp8_cuda.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

std::int64_t groups_of(std::int64_t count) {
  return (count + kFp8Group - 1) / kFp8Group;
}

Fp8Weights normal_weights(const GroupedShape& shape, Threads& threads) {
  Guarded weights(std::ssize(shape.counts) * shape.columns * shape.k * 2);
  fill_normals(weights.span<Bf16>(), "grouped/weights");
  return fp8_weights(weights.as<Bf16>(), std::ssize(shape.counts), shape.columns, shape.k, threads);
}

/// Tokens are quantized on the device, once: a layer does it where it writes them.
class GroupedFp8Trial final : public DeviceTrial {
 public:
  GroupedFp8Trial(const GroupedShape& shape, Threads& threads)
      : DeviceTrial(std::ssize(shape.counts) * shape.columns * shape.k),
        shape_(shape),
        host_weights_(normal_weights(shape, threads)),
        blocks_(shape),
        a_(rows() * shape.k),
        a_scales_(rows() * groups_of(shape.k) * 4),
        weights_(std::as_bytes(std::span(host_weights_.values)), copies()),
        weight_scales_(on_device(host_weights_.scales)),
        out_(rows() * shape.columns * 2) {
    quantize_tokens();
    call_ = {.a = a_.as<std::uint8_t>(),
             .a_scales = a_scales_.as<float>(),
             .weight_scales = weight_scales_.as<float>(),
             .out = out_.as<std::uint16_t>(),
             .expert_of_block = blocks_.experts(),
             .blocks = blocks_.blocks(),
             .most_blocks = blocks_.count(),
             .block = shape.block,
             .columns = static_cast<int>(shape.columns),
             .k = static_cast<int>(shape.k)};
  }

  std::optional<std::string> check() override {
    for (const Memory* memory : {&a_, &a_scales_, &weight_scales_, &out_}) {
      if (!memory->is_intact()) return "wrote beside its buffers";
    }
    if (!weights_.is_intact()) return "wrote beside its buffers";
    const auto a = on_host<std::uint8_t>(a_);
    const auto scales = on_host<float>(a_scales_);
    return grouped_fault(
        shape_, on_host<Bf16>(out_),
        [&](std::int64_t row, std::int64_t expert, std::int64_t column) {
          double sum = 0;
          for (std::int64_t i = 0; i < shape_.k; ++i) {
            const auto scale =
                scales[static_cast<std::size_t>(row * groups_of(shape_.k) + i / kFp8Group)];
            sum += double{from_e4m3(a[static_cast<std::size_t>(row * shape_.k + i)])} * scale *
                   host_weights_.value(expert, column, i);
          }
          return sum;
        });
  }

 private:
  std::int64_t rows() const { return shape_.starts().back(); }

  void quantize_tokens() {
    Guarded tokens(rows() * shape_.k * 2);
    fill_normals(tokens.span<Bf16>(), "grouped/a");
    const Memory in = operand_on_device(tokens.memory());
    quantize_fp8({.in = in.as<std::uint16_t>(),
                  .out = a_.as<std::uint8_t>(),
                  .scales = a_scales_.as<float>(),
                  .rows = static_cast<int>(rows()),
                  .k = static_cast<int>(shape_.k)},
                 device_timer().stream());
    device_timer().wait();
  }
  void enqueue(int copy, Stream stream) override {
    call_.weights = weights_.as<std::uint8_t>(copy);
    grouped_fp8_gemm(call_, stream);
  }

  GroupedShape shape_;
  Fp8Weights host_weights_;
  ExpertBlocks blocks_;
  Memory a_, a_scales_;
  Rotating weights_;
  Memory weight_scales_, out_;
  GroupedFp8Call call_;
};

std::string absent() {
  const auto& found = first_device();
  return found.device && found.device->architecture >= 89 ? "" : "the card multiplies no fp8";
}

/// Values of a byte, and their scales (research, table of ops: e_w = 1).
double bytes_of(const GroupedCase& the) {
  const GroupedShape& shape = the.shape;
  const auto weights = the.active_experts * (shape.columns * shape.k +
                                             4 * groups_of(shape.columns) * groups_of(shape.k));
  const auto tokens = shape.tokens() * (shape.k + 4 * groups_of(shape.k) + 2 * shape.columns);
  return static_cast<double>(weights + tokens);
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const GroupedCase& the : grouped_cases(model)) {
    Case wanted = the.row;
    wanted.row.type = "fp8_block";
    wanted.row.implementation = "pingjia sm_89";
    wanted.row.ours = true;
    wanted.row.bytes = bytes_of(the);
    wanted.absent = absent();
    wanted.memory_bytes = 4 * wanted.row.bytes;  // Beside the bf16 that they are made of.
    wanted.prepare = [shape = the.shape](Threads& threads) {
      return std::make_unique<GroupedFp8Trial>(shape, threads);
    };
    cases.push_back(wanted);
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "gemm/grouped_fp8", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
