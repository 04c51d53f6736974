#include <cmath>

#include "kernels/attention/attention_trial.h"
#include "kernels/attention/device_attention.h"
#include "kernels/attention/prefill_cuda.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

class PrefillTrial final : public DeviceTrial {
 public:
  PrefillTrial(const AttentionShape& shape, const PrefillMaker& maker)
      : DeviceTrial(2 * (shape.query_elements() + shape.key_elements() + shape.value_elements())),
        shape_(shape),
        host_q_(shape.query_elements() * 2),
        host_k_(shape.key_elements() * 2),
        host_v_(shape.value_elements() * 2),
        out_(shape.output_elements() * 2) {
    fill_normals(host_q_.span<Bf16>(), "attention/q");
    fill_normals(host_k_.span<Bf16>(), "attention/k");
    fill_normals(host_v_.span<Bf16>(), "attention/v");
    q_ = Rotating(host_q_.memory(), copies());
    k_ = Rotating(host_k_.memory(), copies());
    v_ = Rotating(host_v_.memory(), copies());
    work_ = maker.make(shape);
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !q_.is_intact() || !k_.is_intact() || !v_.is_intact()) {
      return "wrote beside its buffers";
    }
    std::vector<Bf16> out = on_host<Bf16>(out_);
    return attention_fault(shape_, host_q_.as<Bf16>(), host_k_.as<Bf16>(), host_v_.as<Bf16>(), out);
  }

 private:
  void enqueue(int copy, Stream stream) override {
    work_(q_.as<std::uint16_t>(copy), k_.as<std::uint16_t>(copy), v_.as<std::uint16_t>(copy),
          out_.as<std::uint16_t>(), stream);
  }

  AttentionShape shape_;
  Guarded host_q_, host_k_, host_v_;
  Rotating q_, k_, v_;
  Memory out_;
  PrefillWork work_;
};

std::vector<int> starts(std::int64_t batch, std::int64_t length) {
  std::vector<int> sums;
  for (std::int64_t i = 0; i <= batch; ++i) sums.push_back(static_cast<int>(i * length));
  return sums;
}

using Prefill = void (*)(const PrefillCall&, Stream);

PrefillWork make_ours(const AttentionShape& shape, Prefill prefill) {
  // Shared, because a std::function is copied.
  const auto queries = std::make_shared<Memory>(on_device(starts(shape.batch, shape.query_length)));
  const auto keys = std::make_shared<Memory>(on_device(starts(shape.batch, shape.key_length)));
  PrefillCall call{.query_starts = queries->as<int>(),
                   .key_starts = keys->as<int>(),
                   .batch = static_cast<int>(shape.batch),
                   .longest_query = static_cast<int>(shape.query_length),
                   .query_tokens = static_cast<int>(shape.batch * shape.query_length),
                   .key_tokens = static_cast<int>(shape.batch * shape.key_length),
                   .query_heads = static_cast<int>(shape.query_heads),
                   .kv_heads = static_cast<int>(shape.kv_heads),
                   .key_width = static_cast<int>(shape.key_width),
                   .value_width = static_cast<int>(shape.value_width),
                   .scale = static_cast<float>(shape.scale()),
                   .causal = shape.causal,
                   .window = static_cast<int>(shape.window)};
  return [queries, keys, call, prefill](const std::uint16_t* q, const std::uint16_t* k,
                                        const std::uint16_t* v, std::uint16_t* out, Stream stream) {
    PrefillCall now = call;
    now.q = q, now.k = k, now.v = v, now.out = out;
    prefill(now, stream);
  };
}

}  // namespace

PrefillMaker our_prefill() {
  return {.implementation = "pingjia sm_80",
          .ours = true,
          .absent = "",
          .make = [](const AttentionShape& shape) { return make_ours(shape, prefill_attention); }};
}

PrefillMaker our_hopper_prefill() {
  const auto& found = first_device();
  const bool here = found.device && found.device->architecture == 90;
  return {.implementation = "pingjia sm_90a",
          .ours = true,
          .absent = here ? "" : "the card is not of sm_90",
          .make = [](const AttentionShape& shape) {
            return make_ours(shape, prefill_attention_hopper);
          }};
}

Case prefill_case(const std::string& op, const std::string& model, const AttentionShape& shape,
                  const PrefillMaker& maker) {
  // Names and counts as on the processor, so that tables of both can be laid side by side.
  Case wanted = attention_case(op, model, shape, {});
  wanted.row.implementation = maker.implementation;
  wanted.row.ours = maker.ours;
  wanted.absent = maker.absent;
  wanted.prepare = [shape, maker](Threads&) {
    return std::make_unique<PrefillTrial>(shape, maker);
  };
  return wanted;
}

}  // namespace pingjia::kernels::cuda
