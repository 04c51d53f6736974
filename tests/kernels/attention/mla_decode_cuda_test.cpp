#include "kernels/attention/mla_decode_cuda.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kWidth = MlaDecodeCall::kKeyWidth, kValues = MlaDecodeCall::kValueWidth;

struct Case {
  std::vector<int> lengths;
  int heads = 16;
  int heads_of_block = 32;
  int splits = 1;
  int page_size = 64;
  int tokens = 1;
};

// Pages in descending order of the cache; what lies behind a sequence's last key is NaN, and its
// page numbers behind the last page lead nowhere.
class Run {
 public:
  explicit Run(const Case& the)
      : the_(the),
        batch_(static_cast<int>(the.lengths.size())),
        most_pages_(*std::max_element(the.lengths.begin(), the.lengths.end()) / the.page_size + 2),
        pages_(the.lengths.size() * static_cast<std::size_t>(most_pages_), 2147480000),
        q_(std::int64_t{batch_} * the.tokens * the.heads * kWidth),
        cache_(std::int64_t{batch_} * most_pages_ * the.page_size * kWidth),
        out_(std::int64_t{batch_} * the.tokens * the.heads * kValues) {
    fill_normal(q_, 3, "q");
    Guarded<Bf16Bits> normal(cache_.size());
    fill_normal(normal, 3, "k", 0.5);
    int page = batch_ * most_pages_;
    for (int sequence = 0; sequence < batch_; ++sequence) {
      for (int key = 0; key < the.lengths[sequence]; ++key) {
        if (key % the.page_size == 0) {
          pages_[sequence * most_pages_ + key / the.page_size] = --page;
        }
        const std::int64_t row = row_of(sequence, key);
        for (int i = 0; i < kWidth; ++i) cache_[row * kWidth + i] = normal[row * kWidth + i];
      }
    }
  }

  double error() {
    MlaDecodeCall call{.q = q_.data(),
                       .key_pages = cache_.data(),
                       .out = out_.data(),
                       .pages = pages_.data(),
                       .lengths = the_.lengths.data(),
                       .batch = batch_,
                       .tokens = the_.tokens,
                       .most_pages = most_pages_,
                       .page_size = the_.page_size,
                       .heads = the_.heads,
                       .scale = kScale,
                       .splits = the_.splits,
                       .heads_of_block = the_.heads_of_block};
    Guarded<float> scratch(mla_decode_scratch(call));
    call.scratch = scratch.data();
    mla_decode_attention(call, nullptr);
    std::vector<double> expected;
    for (int row = 0; row < batch_ * the_.tokens * the_.heads; ++row) {
      const auto values = expected_of(row);
      expected.insert(expected.end(), values.begin(), values.end());
    }
    return relative_error(out_, expected);
  }

 private:
  static constexpr float kScale = 0.0721688f;  // 1 / sqrt(192)

  std::int64_t row_of(int sequence, int key) const {
    return std::int64_t{pages_[sequence * most_pages_ + key / the_.page_size]} * the_.page_size +
           key % the_.page_size;
  }
  std::vector<double> expected_of(int row) {
    std::vector<double> out(kValues);
    const int token = row / the_.heads % the_.tokens, sequence = row / the_.heads / the_.tokens;
    double sum = 0;
    for (int key = 0; key < the_.lengths[sequence] - the_.tokens + 1 + token; ++key) {
      const Bf16Bits* cached = cache_.data() + row_of(sequence, key) * kWidth;
      double dot = 0;
      for (int i = 0; i < kWidth; ++i) {
        dot += double{widen(q_[std::int64_t{row} * kWidth + i])} * widen(cached[i]);
      }
      const double weight = std::exp(dot * kScale);
      sum += weight;
      for (int i = 0; i < kValues; ++i) out[i] += weight * widen(cached[i]);
    }
    for (double& value : out) value = sum > 0 ? value / sum : 0;
    return out;
  }

  Case the_;
  int batch_, most_pages_;
  std::vector<int> pages_;
  Guarded<Bf16Bits> q_, cache_, out_;
};

double error_of(const Case& the) {
  return Run(the).error();
}

// Weights and results rounded to bf16, 2^-9 each.
constexpr double kTolerance = 4e-3;

TEST(MlaDecodeCuda, EqualsTheDefinitionOnUglyLengths) {
  EXPECT_LT(error_of({.lengths = {1, 0, 37}}), kTolerance);
  EXPECT_LT(error_of({.lengths = {1, 0, 70}, .heads_of_block = 64}), kTolerance);
}

TEST(MlaDecodeCuda, HeadsNeedNotFillTheirBlocks) {
  EXPECT_LT(error_of({.lengths = {20}, .heads = 40}), kTolerance);
  EXPECT_LT(error_of({.lengths = {20}, .heads = 65, .heads_of_block = 64}), kTolerance);
  EXPECT_LT(error_of({.lengths = {20}, .heads = 1}), kTolerance);
}

TEST(MlaDecodeCuda, SplitsJoinToTheSame) {
  for (const int splits : {2, 9}) {
    EXPECT_LT(error_of({.lengths = {100, 0, 5}, .splits = splits}), kTolerance) << splits;
  }
  EXPECT_LT(error_of({.lengths = {100}, .heads_of_block = 64, .splits = 2}), kTolerance);
}

TEST(MlaDecodeCuda, PagesMayHaveAnySize) {
  EXPECT_LT(error_of({.lengths = {50}, .page_size = 16}), kTolerance);
  EXPECT_LT(error_of({.lengths = {50}, .page_size = 1}), kTolerance);
}

TEST(MlaDecodeCuda, EachOfSeveralTokensSeesOneKeyMore) {
  EXPECT_LT(error_of({.lengths = {2, 0, 37}, .heads = 5, .tokens = 4}), kTolerance);
  EXPECT_LT(error_of({.lengths = {17}, .heads = 16, .tokens = 8}), kTolerance);
  EXPECT_LT(error_of({.lengths = {33}, .heads = 20, .heads_of_block = 64, .tokens = 4}),
            kTolerance);
}

// A split of which the first tokens see nothing: its last keys are the newest.
TEST(MlaDecodeCuda, SplitsOfSeveralTokensJoinToTheSame) {
  for (const int splits : {2, 9}) {
    EXPECT_LT(error_of({.lengths = {66, 0, 3}, .heads = 6, .splits = splits, .tokens = 5}),
              kTolerance);
  }
}

TEST(MlaDecodeCuda, RandomShapesOfSeveralTokensEqualTheDefinition) {
  harness::Rng rng(12, "shapes");
  const auto below = [&](int limit) {
    return static_cast<int>(rng.below(static_cast<std::uint64_t>(limit)));
  };
  for (int i = 0; i < 6; ++i) {
    const Case the{.lengths = {below(70), below(12)},
                   .heads = 1 + below(20),
                   .heads_of_block = 32 << below(2),
                   .splits = 1 + below(3),
                   .page_size = 1 << below(7),
                   .tokens = 1 + below(8)};
    EXPECT_LT(error_of(the), kTolerance) << i;
  }
}

TEST(MlaDecodeCuda, RefusesABlockItDoesNotHave) {
  EXPECT_THROW(error_of({.lengths = {1}, .heads_of_block = 16}), std::invalid_argument);
}

}  // namespace
}  // namespace pingjia::kernels::cuda
