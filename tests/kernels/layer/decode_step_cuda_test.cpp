#include "kernels/layer/decode_step_cuda.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "kernels/closeness.h"
#include "kernels/layer/decoder_layer.h"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"
#include "tests/kernels/layer/processor_rows.h"

namespace pingjia::kernels::cuda {
namespace {

std::vector<float> numbers(Guarded<Bf16Bits>& bits) {
  std::vector<float> made;
  for (std::int64_t i = 0; i < bits.size(); ++i) made.push_back(widen(bits[i]));
  return made;
}

/// One layer on both: the processor's over caches in a row, the device's over the same in pages.
class Layer {
 public:
  Layer(const DecodeStepShape& shape, int length)
      : shape_(shape),
        length_(length),
        row_(std::int64_t{shape.kv_heads} * shape.width),
        x_(std::int64_t{shape.batch} * shape.hidden),
        out_(x_.size()),
        qkv_(std::int64_t{shape.query_heads + 2 * shape.kv_heads} * shape.width * shape.hidden),
        o_(std::int64_t{shape.hidden} * shape.query_heads * shape.width),
        gate_up_(std::int64_t{2} * shape.intermediate * shape.hidden),
        down_(std::int64_t{shape.hidden} * shape.intermediate),
        attention_gain_(shape.hidden),
        mlp_gain_(shape.hidden),
        keys_(std::int64_t{shape.batch} * (length + 1) * row_),
        values_(keys_.size()),
        key_pages_(std::int64_t{shape.batch} * shape.most_pages * shape.page_size * row_),
        value_pages_(key_pages_.size()),
        angles_(std::int64_t{2} * (length + 1) * shape.width / 2),
        positions_(static_cast<std::size_t>(shape.batch), length),
        lengths_(static_cast<std::size_t>(shape.batch), length + 1),
        pages_(static_cast<std::size_t>(shape.batch * shape.most_pages)),
        zeros_(static_cast<std::size_t>((shape.batch + 63) / 64)) {
    shape_.longest = length + 1;
    fill_normal(x_, 1, "x");
    fill_normal(qkv_, 1, "qkv", 1 / std::sqrt(shape.hidden));
    fill_normal(o_, 1, "o", 1 / std::sqrt(shape.query_heads * shape.width));
    fill_normal(gate_up_, 1, "gate_up", 1 / std::sqrt(shape.hidden));
    fill_normal(down_, 1, "down", 1 / std::sqrt(shape.intermediate));
    fill_normal(attention_gain_, 1, "attention"), fill_normal(mlp_gain_, 1, "mlp");
    fill_normal(keys_, 1, "keys"), fill_normal(values_, 1, "values");
    // Halves of heads turn as DecoderLayer's do at this place; no other place is read.
    const int half = shape.width / 2;
    for (int i = 0; i < half; ++i) {
      const double angle = length * std::pow(500000.0, -static_cast<double>(i) / half);
      angles_[std::int64_t{length} * half + i] = static_cast<float>(std::cos(angle));
      angles_[std::int64_t{2 * length + 1} * half + i] = static_cast<float>(std::sin(angle));
    }
    std::iota(pages_.begin(), pages_.end(), 0);
    harness::Rng rng(1, "pages");
    rng.shuffle(pages_);
    for_each_place([&](std::int64_t dense, std::int64_t paged, bool is_new) {
      if (is_new) return;
      key_pages_[paged] = keys_[dense], value_pages_[paged] = values_[dense];
    });
  }

  void run_on_device() {
    std::vector<std::uint64_t> workspace(
        static_cast<std::size_t>(decode_step_workspace(shape_) / 8), ~std::uint64_t{0});
    const int blocks = static_cast<int>(zeros_.size());
    decode_step({.shape = shape_,
                 .x = x_.data(),
                 .out = out_.data(),
                 .qkv = qkv_.data(),
                 .o = o_.data(),
                 .gate_up = gate_up_.data(),
                 .down = down_.data(),
                 .attention_gain = attention_gain_.data(),
                 .mlp_gain = mlp_gain_.data(),
                 .cosines = angles_.data(),
                 .sines = angles_.data() + angles_.size() / 2,
                 .positions = positions_.data(),
                 .lengths = lengths_.data(),
                 .pages = pages_.data(),
                 .key_pages = key_pages_.data(),
                 .value_pages = value_pages_.data(),
                 .workspace = reinterpret_cast<std::byte*>(workspace.data()),
                 .expert_of_block = zeros_.data(),
                 .blocks = &blocks},
                nullptr);
  }

  void expect_as_on_processor() {
    ModelShape model;
    model.hidden = shape_.hidden, model.intermediate = shape_.intermediate;
    model.query_heads = shape_.query_heads, model.kv_heads = shape_.kv_heads;
    model.head_width = shape_.width;
    const auto qkv = as_rows(qkv_), o = as_rows(o_), gate_up = as_rows(gate_up_);
    const auto down = as_rows(down_), gain = as_rows(attention_gain_), other = as_rows(mlp_gain_);
    auto x = as_rows(x_), keys = as_rows(keys_), values = as_rows(values_);
    Threads threads(1);
    DecoderLayer(Isa::kPortable, model,
                 {qkv.data(), o.data(), gate_up.data(), down.data(), gain.data(), other.data()},
                 shape_.batch, length_, threads)
        .run(x.data(), keys.data(), values.data());
    expect_close(numbers(out_), widened(x), "out");
    expect_close(of_pages(key_pages_), widened(keys), "keys");
    expect_close(of_pages(value_pages_), widened(values), "values");
  }

  std::vector<Bf16Bits> out() { return {out_.data(), out_.data() + out_.size()}; }

 private:
  /// visit(place in [batch, length + 1, row], place in the pages, whether of the new token).
  template <class Visit>
  void for_each_place(Visit visit) const {
    for (std::int64_t i = 0; i < keys_.size(); ++i) {
      const std::int64_t token = i / row_ % (length_ + 1), sequence = i / row_ / (length_ + 1);
      const int page =
          pages_[static_cast<std::size_t>(sequence * shape_.most_pages + token / shape_.page_size)];
      const std::int64_t at = std::int64_t{page} * shape_.page_size + token % shape_.page_size;
      visit(i, at * row_ + i % row_, token == length_);
    }
  }
  std::vector<float> of_pages(Guarded<Bf16Bits>& cache) const {
    std::vector<float> dense(static_cast<std::size_t>(keys_.size()));
    for_each_place([&](std::int64_t at, std::int64_t paged, bool) {
      dense[static_cast<std::size_t>(at)] = widen(cache[paged]);
    });
    return dense;
  }
  static void expect_close(const std::vector<float>& actual, const std::vector<double>& expected,
                           const char* what) {
    const auto difference = difference_over(actual, expected, 3 * kBf16Tolerance);
    EXPECT_FALSE(difference) << what << ": " << difference.value_or("");
  }

  DecodeStepShape shape_;
  int length_;
  std::int64_t row_;
  Guarded<Bf16Bits> x_, out_, qkv_, o_, gate_up_, down_, attention_gain_, mlp_gain_;
  Guarded<Bf16Bits> keys_, values_, key_pages_, value_pages_;
  Guarded<float> angles_;
  std::vector<int> positions_, lengths_, pages_, zeros_;
};

const DecodeStepShape kSmall{.hidden = 72,
                             .query_heads = 4,
                             .kv_heads = 2,
                             .intermediate = 136,
                             .most_pages = 3,
                             .multiprocessors = 20};

TEST(DecodeStepCuda, EqualsTheProcessors) {
  for (const int batch : {1, 3, 16, 17, 65}) {
    SCOPED_TRACE(batch);
    DecodeStepShape shape = kSmall;
    shape.batch = batch;
    Layer layer(shape, 37);
    layer.run_on_device();
    layer.expect_as_on_processor();
  }
}

TEST(DecodeStepCuda, SplitsKeysAndProducts) {
  DecodeStepShape shape = kSmall;
  shape.hidden = 2048, shape.most_pages = 40, shape.width = 128;
  shape.query_heads = 2, shape.kv_heads = 1, shape.multiprocessors = 500;
  Layer layer(shape, 600);
  layer.run_on_device();
  layer.expect_as_on_processor();
}

TEST(DecodeStepCuda, TheSameCallAgainGivesTheSame) {
  Layer layer(kSmall, 31);
  layer.run_on_device();
  const auto first = layer.out();
  layer.run_on_device();
  EXPECT_EQ(layer.out(), first);
}

TEST(DecodeStepCuda, RefusesWhatItsKernelsDoNotHave) {
  DecodeStepShape shape = kSmall;
  shape.width = 80;
  EXPECT_THROW(Layer(shape, 3).run_on_device(), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda
