#include <cmath>

#include "kernels/closeness.h"
#include "kernels/layer/rope_write_cuda.h"
#include "kernels/layer/row_reference.h"
#include "kernels/layer/rows_cuda.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kTokens = 512;
constexpr float kEpsilon = 1e-5f;

std::span<const Bf16> row_of(std::span<const Bf16> tensor, std::int64_t row, std::int64_t width) {
  return tensor.subspan(static_cast<std::size_t>(row * width), static_cast<std::size_t>(width));
}

/// Rows in, rows of `width` out. What a subclass expects of single tokens is by the definitions.
class RowsTrial : public DeviceTrial {
 public:
  std::optional<std::string> check() final {
    if (!out_.is_intact()) return "wrote beside its buffers";
    const std::vector<Bf16> out = on_host<Bf16>(out_);
    if (auto nan = nan_in(std::span<const Bf16>(out))) return nan;
    std::vector<float> actual;
    std::vector<double> expected;
    for (const std::int64_t token : {0, kTokens / 2, kTokens - 1}) {
      for (const Bf16 value : row_of(out, token, width_)) actual.push_back(to_float(value));
      const std::vector<double> row = expect(token);
      expected.insert(expected.end(), row.begin(), row.end());
    }
    return difference_over(actual, expected, kBf16Tolerance);
  }

 protected:
  RowsTrial(std::int64_t in_width, std::int64_t width)
      : DeviceTrial(kTokens * in_width * 2),
        width_(width),
        host_in_(kTokens * in_width * 2),
        out_(kTokens * width * 2) {
    fill_normals(host_in_.span<Bf16>(), "rows/x");
    in_ = Rotating(host_in_.memory(), copies());
  }

  virtual std::vector<double> expect(std::int64_t token) = 0;

  std::int64_t width_;
  Guarded host_in_;
  Rotating in_;
  Memory out_;
};

class NormTrial final : public RowsTrial {
 public:
  explicit NormTrial(std::int64_t width) : RowsTrial(width, width), host_gain_(width * 2) {
    fill_normals(host_gain_.span<Bf16>(), "rows/extra");
    gain_ = operand_on_device(host_gain_.memory());
  }

 private:
  std::vector<double> expect(std::int64_t token) override {
    return rms_norm_reference(row_of(host_in_.span<Bf16>(), token, width_), host_gain_.span<Bf16>(),
                              static_cast<double>(kEpsilon));
  }
  void enqueue(int copy, Stream stream) override {
    rms_norm({.x = in_.as<std::uint16_t>(copy),
              .gain = gain_.as<std::uint16_t>(),
              .out = out_.as<std::uint16_t>(),
              .rows = kTokens,
              .width = static_cast<int>(width_),
              .epsilon = kEpsilon},
             stream);
  }

  Guarded host_gain_;
  Memory gain_;
};

class SwiGluTrial final : public RowsTrial {
 public:
  explicit SwiGluTrial(std::int64_t width) : RowsTrial(2 * width, width) {}

 private:
  std::vector<double> expect(std::int64_t token) override {
    const std::span<const Bf16> in = host_in_.span<Bf16>();
    return swiglu_reference(row_of(in, 2 * token, width_), row_of(in, 2 * token + 1, width_));
  }
  void enqueue(int copy, Stream stream) override {
    swiglu({.gate_up = in_.as<std::uint16_t>(copy),
            .out = out_.as<std::uint16_t>(),
            .rows = kTokens,
            .width = static_cast<int>(width_)},
           stream);
  }
};

/// New keys on their way to a cache whose pages lie one behind the other: token t is the only one
/// of its page, so that the cache is [tokens, width].
class RopeTrial final : public RowsTrial {
 public:
  RopeTrial(std::int64_t heads, std::int64_t head_width)
      : RowsTrial(heads * head_width, heads * head_width), head_width_(head_width) {
    for (std::int64_t i = 0; i < head_width / 2; ++i) {
      cosines_.push_back(static_cast<float>(std::cos(0.1 * static_cast<double>(i))));
      sines_.push_back(static_cast<float>(std::sin(0.1 * static_cast<double>(i))));
    }
    device_cosines_ = on_device(cosines_), device_sines_ = on_device(sines_);
    positions_ = on_device(std::vector<int>(kTokens, 0));
    std::vector<int> pages;
    for (int token = 0; token < kTokens; ++token) pages.push_back(token);
    pages_ = on_device(pages);
  }

 private:
  std::vector<double> expect(std::int64_t token) override {
    std::vector<double> row;
    const std::int64_t heads = width_ / head_width_;
    for (std::int64_t head = token * heads; head < (token + 1) * heads; ++head) {
      const auto turned =
          rope_reference(row_of(host_in_.span<Bf16>(), head, head_width_), cosines_, sines_);
      row.insert(row.end(), turned.begin(), turned.end());
    }
    return row;
  }
  void enqueue(int copy, Stream stream) override {
    rope_write({.heads = in_.as<std::uint16_t>(copy),
                .cosines = device_cosines_.as<float>(),
                .sines = device_sines_.as<float>(),
                .positions = positions_.as<int>(),
                .pages = pages_.as<int>(),
                .key_pages = out_.as<std::uint16_t>(),
                .tokens = kTokens,
                .kv_heads = static_cast<int>(width_ / head_width_),
                .width = static_cast<int>(head_width_),
                .page_size = 1},
               stream);
  }

  std::int64_t head_width_;
  std::vector<float> cosines_, sines_;
  Memory device_cosines_, device_sines_, positions_, pages_;
};

/// Names and counts as on the processor; bytes: what a token's row moves at least.
Case case_of(const std::string& op, const ModelShape& model, std::int64_t width, double bytes) {
  Case wanted;
  wanted.row.op = "layer/" + op;
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"tokens", kTokens}, {"width", width}};
  wanted.row.implementation = "pingjia sm_80";
  wanted.row.ours = true;
  wanted.row.bytes = bytes * static_cast<double>(width) * kTokens;
  wanted.memory_bytes = wanted.row.bytes;
  return wanted;
}

std::vector<Case> cases_of(const ModelShape& model) {
  const std::int64_t hidden = model.hidden;
  Case norm = case_of("rms_norm", model, hidden, 4);
  norm.prepare = [hidden](Threads&) { return std::make_unique<NormTrial>(hidden); };
  const std::int64_t inside = model.moe ? model.moe->intermediate : model.intermediate;
  Case gated = case_of("swiglu", model, inside, 6);
  gated.prepare = [inside](Threads&) { return std::make_unique<SwiGluTrial>(inside); };
  const std::int64_t heads = model.mla ? 1 : model.kv_heads;
  const std::int64_t width = model.mla ? model.mla->rope : model.head_width;
  Case rope = case_of("rope_kv_write", model, heads * width, 4);
  rope.prepare = [heads, width](Threads&) { return std::make_unique<RopeTrial>(heads, width); };
  if (hidden % 8 != 0 || hidden > 16384) norm.absent = "rows are of 8 n, up to 16,384";
  if (inside % 8 != 0) gated.absent = "rows are of 8 n";
  if (width % 16 != 0) rope.absent = "heads are 16 n wide";
  return {norm, gated, rope};
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "layer/rows", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
