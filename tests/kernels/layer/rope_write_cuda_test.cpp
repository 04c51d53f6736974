#include "kernels/layer/rope_write_cuda.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

#include "kernels/layer/layer_rows.h"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

/// Tokens of sequences of different lengths, whose pages lie in no order.
class NewTokens {
 public:
  explicit NewTokens(const RopeWriteCall& shape)
      : call_(shape),
        all_heads_(shape.query_heads + shape.kv_heads + shape.value_heads),
        heads_(std::int64_t{shape.tokens} * all_heads_ * shape.width),
        cosines_(std::int64_t{shape.most_pages} * shape.page_size * shape.width / 2),
        sines_(cosines_.size()),
        queries_(std::int64_t{shape.tokens} * shape.query_heads * shape.width),
        keys_(std::int64_t{shape.tokens} * shape.most_pages * row() * shape.page_size),
        values_(keys_.size()) {
    fill_normal(heads_, 2, "heads");
    harness::Rng rng(2, "rope");
    for (std::int64_t i = 0; i < cosines_.size(); ++i) {
      cosines_[i] = static_cast<float>(rng.normal()), sines_[i] = static_cast<float>(rng.normal());
    }
    pages_.resize(std::size_t{1} * shape.tokens * shape.most_pages);
    std::iota(pages_.begin(), pages_.end(), 0);
    rng.shuffle(pages_);
    for (int token = 0; token < shape.tokens; ++token) {
      positions_.push_back(token * 7 % (shape.most_pages * shape.page_size));
    }
  }

  void expect_right() {
    call_.heads = heads_.data(), call_.cosines = cosines_.data(), call_.sines = sines_.data();
    call_.positions = positions_.data(), call_.pages = pages_.data();
    call_.queries = queries_.data();
    call_.key_pages = keys_.data(), call_.value_pages = values_.data();
    rope_write(call_, nullptr);
    std::int64_t written = 0;
    for (int token = 0; token < call_.tokens; ++token) {
      const std::int64_t at = place(token);
      expect_head(token, 0, call_.query_heads, true,
                  queries_.data() + std::int64_t{token} * call_.query_heads * call_.width);
      expect_head(token, call_.query_heads, call_.kv_heads, true, keys_.data() + at);
      expect_head(token, call_.query_heads + call_.kv_heads, call_.value_heads, false,
                  values_.data() + at);
      written += row();
    }
    EXPECT_EQ(count_written(keys_), written);
    EXPECT_EQ(count_written(values_), call_.value_heads == 0 ? 0 : written);
  }

 private:
  std::int64_t row() const { return std::int64_t{call_.kv_heads} * call_.width; }
  std::int64_t place(int token) const {
    const int position = positions_[static_cast<std::size_t>(token)];
    const std::int64_t index = std::int64_t{token} * call_.most_pages + position / call_.page_size;
    const int page = pages_[static_cast<std::size_t>(index)];
    return (std::int64_t{page} * call_.page_size + position % call_.page_size) * row();
  }
  static std::int64_t count_written(Guarded<Bf16Bits>& cache) {
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < cache.size(); ++i) count += cache[i] != 0x7fff;
    return count;
  }
  /// `count` heads of a token, from `first` on, against the processor's rotation.
  void expect_head(int token, int first, int count, bool turned, const Bf16Bits* actual) {
    const std::int64_t angles =
        std::int64_t{positions_[static_cast<std::size_t>(token)]} * (call_.width / 2);
    for (int head = 0; head < count; ++head) {
      std::vector<Bf16> expected;
      for (int i = 0; i < call_.width; ++i) {
        const std::int64_t from = std::int64_t{token} * all_heads_ + first + head;
        expected.push_back({heads_[from * call_.width + i]});
      }
      if (turned) {
        layer_rows(Isa::kPortable)
            .rope(expected.data(), cosines_.data() + angles, sines_.data() + angles, call_.width);
      }
      for (int i = 0; i < call_.width; ++i) {
        EXPECT_NEAR(widen(actual[head * call_.width + i]),
                    to_float(expected[static_cast<std::size_t>(i)]), turned ? 0.03 : 0)
            << token << " " << first + head << " " << i;
      }
    }
  }

  RopeWriteCall call_;
  int all_heads_;
  Guarded<Bf16Bits> heads_;
  Guarded<float> cosines_, sines_;
  Guarded<Bf16Bits> queries_, keys_, values_;
  std::vector<int> pages_, positions_;
};

TEST(RopeWriteCuda, RotatesAndWritesToPages) {
  NewTokens({.tokens = 5,
             .query_heads = 4,
             .kv_heads = 2,
             .value_heads = 2,
             .width = 64,
             .most_pages = 3,
             .page_size = 16})
      .expect_right();
  NewTokens({.tokens = 3,
             .query_heads = 7,
             .value_heads = 1,
             .width = 16,
             .most_pages = 2,
             .page_size = 5})
      .expect_right();
  NewTokens({.tokens = 1, .query_heads = 1, .value_heads = 1, .width = 208}).expect_right();
}

TEST(RopeWriteCuda, WritesKeysAlone) {
  NewTokens({.tokens = 9, .kv_heads = 3, .width = 48, .most_pages = 4}).expect_right();
}

TEST(RopeWriteCuda, RefusesWhatItDoesNotHave) {
  EXPECT_THROW(rope_write({.width = 24}, nullptr), std::invalid_argument);
  EXPECT_THROW(rope_write({.kv_heads = 2, .value_heads = 1}, nullptr), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda
