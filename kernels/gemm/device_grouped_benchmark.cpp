#include "kernels/gemm/device_grouped.h"
#include "kernels/gemm/grouped_cases.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

std::int64_t experts_of(const GroupedShape& shape) {
  return std::ssize(shape.counts);
}

class GroupedTrial final : public DeviceTrial {
 public:
  GroupedTrial(const GroupedShape& shape, const DeviceGroupedMaker& maker)
      : DeviceTrial(2 * experts_of(shape) * shape.columns * shape.k),
        shape_(shape),
        host_weights_(experts_of(shape) * shape.columns * shape.k * 2),
        host_a_(shape.starts().back() * shape.k * 2),
        out_(shape.starts().back() * shape.columns * 2) {
    fill_normals(host_weights_.span<Bf16>(), "grouped/weights");
    fill_normals(host_a_.span<Bf16>(), "grouped/a");
    weights_ = Rotating(host_weights_.memory(), copies());
    a_ = operand_on_device(host_a_.memory());
    product_ = maker.make(shape);
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !a_.is_intact() || !weights_.is_intact()) {
      return "wrote beside its buffers";
    }
    return grouped_fault(shape_, on_host<Bf16>(out_), [this](auto row, auto expert, auto column) {
      return dot(row, expert, column);
    });
  }

 private:
  void enqueue(int copy, Stream stream) override {
    product_->enqueue(a_.as<std::uint16_t>(), weights_.as<std::uint16_t>(copy),
                      out_.as<std::uint16_t>(), stream);
  }
  double dot(std::int64_t row, std::int64_t expert, std::int64_t column) const {
    const Bf16* left = host_a_.as<Bf16>() + row * shape_.k;
    const Bf16* right = host_weights_.as<Bf16>() + (expert * shape_.columns + column) * shape_.k;
    double sum = 0;
    for (std::int64_t i = 0; i < shape_.k; ++i)
      sum += double{to_float(left[i])} * to_float(right[i]);
    return sum;
  }

  GroupedShape shape_;
  Guarded host_weights_, host_a_;
  Rotating weights_;
  Memory a_, out_;
  std::unique_ptr<DeviceGrouped> product_;
};

Case case_of(const GroupedCase& the, const DeviceGroupedMaker& maker) {
  const GroupedShape& shape = the.shape;
  Case wanted = the.row;
  wanted.row.type = "bf16";
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.row.bytes = 2.0 * static_cast<double>(the.active_experts * shape.columns * shape.k +
                                               shape.tokens() * (shape.columns + shape.k));
  wanted.absent = maker.absent;
  wanted.memory_bytes = 2 * wanted.row.bytes;
  wanted.prepare = [shape, maker](Threads&) {
    return std::make_unique<GroupedTrial>(shape, maker);
  };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const GroupedCase& the : grouped_cases(model)) {
    if (the.shape.block == 128) cases.push_back(case_of(the, our_hopper_grouped()));
    for (const DeviceGroupedMaker& maker :
         {our_device_grouped(), cublas_grouped(), cudnn_grouped()}) {
      cases.push_back(case_of(the, maker));
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "gemm/grouped", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
