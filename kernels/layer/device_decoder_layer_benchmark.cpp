#include <algorithm>
#include <cmath>

#include "kernels/attention/shuffled_pages.h"
#include "kernels/layer/decode_step_cuda.h"
#include "kernels/layer/decoder_trial.h"
#include "kernels/measure/cuda/device.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr std::int64_t kPageSize = 64, kLength = 2048;

DecodeStepShape shape_of(const ModelShape& model, std::int64_t batch, std::int64_t length) {
  return {.batch = static_cast<int>(batch),
          .longest = static_cast<int>(length + 1),
          .hidden = static_cast<int>(model.hidden),
          .query_heads = static_cast<int>(model.query_heads),
          .kv_heads = static_cast<int>(model.kv_heads),
          .width = static_cast<int>(model.head_width),
          .intermediate = static_cast<int>(model.intermediate),
          .most_pages = static_cast<int>(length / kPageSize + 1),
          .page_size = kPageSize,
          .multiprocessors = first_device().device->multiprocessors};
}

/// A cache of random rows in pages that lie in no order.
class MadeCache {
 public:
  MadeCache(const DecodeStepShape& shape, const std::vector<int>& pages, const char* stream)
      : shape_(shape), pages_(pages), host_(std::ssize(pages) * kPageSize * row() * 2) {
    fill_normals(host_.span<Bf16>(), stream);
  }
  std::span<const std::byte> memory() const { return host_.memory(); }

  /// [batch, longest, kv_heads, width], as the processor has it.
  std::vector<Bf16> dense() const {
    std::vector<Bf16> rows;
    for (int sequence = 0; sequence < shape_.batch; ++sequence) {
      for (std::int64_t token = 0; token < shape_.longest; ++token) {
        const int page =
            pages_[static_cast<std::size_t>(sequence * shape_.most_pages + token / kPageSize)];
        const Bf16* from = host_.as<Bf16>() + (page * kPageSize + token % kPageSize) * row();
        rows.insert(rows.end(), from, from + row());
      }
    }
    return rows;
  }

 private:
  std::int64_t row() const { return std::int64_t{shape_.kv_heads} * shape_.width; }

  const DecodeStepShape& shape_;
  const std::vector<int>& pages_;
  Guarded host_;
};

/// Cosines, then sines, of every place up to the new token's, as DecoderLayer turns it.
std::vector<float> angles(const DecodeStepShape& shape) {
  const int half = shape.width / 2, count = shape.longest * half;
  const auto all = static_cast<std::size_t>(count);
  std::vector<float> made(2 * all);
  for (std::size_t i = 0; i < all; ++i) {
    const int place = static_cast<int>(i) / half, pair = static_cast<int>(i) % half;
    const double angle =
        place * std::pow(DecoderLayer::kRopeBase, -static_cast<double>(pair) / half);
    made[i] = static_cast<float>(std::cos(angle));
    made[all + i] = static_cast<float>(std::sin(angle));
  }
  return made;
}

class StepTrial final : public DeviceTrial {
 public:
  StepTrial(const ModelShape& model, std::int64_t batch, std::int64_t length, Threads& threads)
      : DeviceTrial(static_cast<std::int64_t>(DecoderLayer::minimum_bytes(model, batch, length))),
        shape_(shape_of(model, batch, length)),
        host_x_(batch * model.hidden * 2),
        out_(batch * model.hidden * 2),
        workspace_(decode_step_workspace(shape_)) {
    fill_normals(host_x_.span<Bf16>(), "layer/x");
    const MadeDecoderWeights weights(model);
    const std::vector<int> pages = shuffled_pages(shape_.batch * shape_.most_pages);
    const MadeCache keys(shape_, pages, "layer/keys"), values(shape_, pages, "layer/values");
    upload(weights);
    keys_ = Rotating(keys.memory(), copies());
    values_ = Rotating(values.memory(), copies());
    upload_places(pages);
    // The processor's layer has tests of its own.
    expected_.assign(host_x_.as<Bf16>(), host_x_.as<Bf16>() + batch * model.hidden);
    auto dense_keys = keys.dense(), dense_values = values.dense();
    DecoderLayer(std::min(best_isa(), Isa::kAvx512), model, weights.view(), batch, length, threads)
        .run(expected_.data(), dense_keys.data(), dense_values.data());
  }

  std::optional<std::string> check() override {
    if (!out_.is_intact() || !workspace_.is_intact() || !keys_.is_intact() ||
        !values_.is_intact()) {
      return "wrote beside its buffers";
    }
    const std::vector<Bf16> out = on_host<Bf16>(out_);
    return decoder_fault(out, expected_);
  }

 private:
  void upload(const MadeDecoderWeights& weights) {
    const auto rotate = [this](const std::vector<Bf16>& matrix) {
      return Rotating(std::as_bytes(std::span(matrix)), copies());
    };
    qkv_ = rotate(weights.qkv), o_ = rotate(weights.o);
    gate_up_ = rotate(weights.gate_up), down_ = rotate(weights.down);
    gain_ = operand_on_device(std::as_bytes(std::span(weights.gain)));
    x_ = operand_on_device(host_x_.memory());
  }
  void upload_places(const std::vector<int>& pages) {
    const auto sequences = static_cast<std::size_t>(shape_.batch);
    const int blocks = (shape_.batch + 63) / 64;
    pages_ = on_device(pages);
    angles_ = on_device(angles(shape_));
    positions_ = on_device(std::vector<int>(sequences, shape_.longest - 1));
    lengths_ = on_device(std::vector<int>(sequences, shape_.longest));
    experts_ = on_device(std::vector<int>(static_cast<std::size_t>(blocks), 0));
    blocks_ = on_device(std::vector<int>{blocks});
  }

  void enqueue(int copy, Stream stream) override {
    const auto* cosines = angles_.as<float>();
    decode_step({.shape = shape_,
                 .x = x_.as<std::uint16_t>(),
                 .out = out_.as<std::uint16_t>(),
                 .qkv = qkv_.as<std::uint16_t>(copy),
                 .o = o_.as<std::uint16_t>(copy),
                 .gate_up = gate_up_.as<std::uint16_t>(copy),
                 .down = down_.as<std::uint16_t>(copy),
                 .attention_gain = gain_.as<std::uint16_t>(),
                 .mlp_gain = gain_.as<std::uint16_t>(),
                 .cosines = cosines,
                 .sines = cosines + std::int64_t{shape_.longest} * (shape_.width / 2),
                 .positions = positions_.as<int>(),
                 .lengths = lengths_.as<int>(),
                 .pages = pages_.as<int>(),
                 .key_pages = keys_.writable<std::uint16_t>(copy),
                 .value_pages = values_.writable<std::uint16_t>(copy),
                 .workspace = workspace_.as<std::byte>(),
                 .expert_of_block = experts_.as<int>(),
                 .blocks = blocks_.as<int>()},
                stream);
  }

  DecodeStepShape shape_;
  Guarded host_x_;
  std::vector<Bf16> expected_;
  Memory x_, out_, gain_, workspace_, angles_, positions_, lengths_, pages_, experts_, blocks_;
  Rotating qkv_, o_, gate_up_, down_, keys_, values_;
};

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  if (model.moe || model.mla || !model.gated) return cases;
  for (const std::int64_t batch : {1, 8, 64}) {
    Case wanted = decoder_case(model, batch, kLength);
    wanted.row.implementation = "pingjia sm_80";
    if (model.head_width != 64 && model.head_width != 128) {
      wanted.absent = "heads are 64 and 128 wide";
    }
    wanted.prepare = [model, batch](Threads& threads) {
      return std::make_unique<StepTrial>(model, batch, kLength, threads);
    };
    cases.push_back(wanted);
  }
  return cases;
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "layer/decode_step", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
