#include "kernels/attention/paged_decode_cuda.h"

#include <gtest/gtest.h>

#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

struct Case {
  std::vector<int> lengths;
  int query_heads = 4, kv_heads = 1;
  int width = 64;
  int page_size = 16;
  int splits = 1;
  int window = 0;
  bool sinks = false;
  int tokens = 1;
};

// A cache whose pages lie in no order and belong to no two sequences. What no sequence owns is NaN:
// the tail of its last page too.
struct Cache {
  explicit Cache(const Case& the)
      : most_pages(*std::max_element(the.lengths.begin(), the.lengths.end()) / the.page_size + 2),
        count(static_cast<int>(the.lengths.size()) * most_pages + 3),
        pages(the.lengths.size() * static_cast<std::size_t>(most_pages), 2147480000),
        keys(std::int64_t{count} * the.page_size * the.kv_heads * the.width),
        values(keys.size()) {
    std::vector<int> free_pages(static_cast<std::size_t>(count));
    std::iota(free_pages.begin(), free_pages.end(), 0);
    harness::Rng rng(5, "pages");
    rng.shuffle(free_pages);
    for (std::size_t sequence = 0; sequence < the.lengths.size(); ++sequence) {
      const int owned = (the.lengths[sequence] + the.page_size - 1) / the.page_size;
      for (int i = 0; i < owned; ++i) {
        pages[sequence * static_cast<std::size_t>(most_pages) + i] = free_pages.back();
        free_pages.pop_back();
      }
    }
    Guarded<Bf16Bits> normal_keys(keys.size()), normal_values(keys.size());
    fill_normal(normal_keys, 2, "k"), fill_normal(normal_values, 2, "v");
    for (std::size_t sequence = 0; sequence < the.lengths.size(); ++sequence) {
      for (int key = 0; key < the.lengths[sequence]; ++key) {
        const std::int64_t row = row_of(the, static_cast<int>(sequence), key) * the.kv_heads;
        for (std::int64_t i = row * the.width; i < (row + the.kv_heads) * the.width; ++i) {
          keys[i] = normal_keys[i], values[i] = normal_values[i];
        }
      }
    }
  }

  // Row of a key in the cache, in keys.
  std::int64_t row_of(const Case& the, int sequence, int key) const {
    return std::int64_t{pages[sequence * most_pages + key / the.page_size]} * the.page_size +
           key % the.page_size;
  }

  int most_pages, count;
  std::vector<int> pages;
  Guarded<Bf16Bits> keys, values;
};

// Of row `row` of q.
std::vector<double> expected_of(const Case& the, const PagedDecodeCall& call, const Cache& cache,
                                int row) {
  const int head = row % the.query_heads, kv_head = head / (the.query_heads / the.kv_heads);
  const int token = row / the.query_heads % the.tokens;
  const int sequence = row / the.query_heads / the.tokens;
  const int length = std::max(0, the.lengths[sequence] - the.tokens + 1 + token);
  std::vector<double> out(static_cast<std::size_t>(the.width));
  double sum = the.sinks ? std::exp(call.sinks[head]) : 0;
  for (int key = the.window > 0 ? std::max(0, length - the.window) : 0; key < length; ++key) {
    const std::int64_t at = (cache.row_of(the, sequence, key) * the.kv_heads + kv_head) * the.width;
    double dot = 0;
    for (int i = 0; i < the.width; ++i) {
      dot += double{widen(call.q[row * the.width + i])} * widen(call.key_pages[at + i]);
    }
    const double weight = std::exp(dot * call.scale);
    sum += weight;
    for (int i = 0; i < the.width; ++i) out[i] += weight * widen(call.value_pages[at + i]);
  }
  for (double& value : out) value = sum > 0 ? value / sum : 0;
  return out;
}

double error_of(const Case& the) {
  Cache cache(the);
  const int batch = static_cast<int>(the.lengths.size());
  Guarded<Bf16Bits> q(std::int64_t{batch} * the.tokens * the.query_heads * the.width),
      out(q.size());
  fill_normal(q, 2, "q");
  const std::vector<float> sinks{0.5f, -1.0f, 3.0f, 0.0f};
  PagedDecodeCall call{.q = q.data(),
                       .key_pages = cache.keys.data(),
                       .value_pages = cache.values.data(),
                       .out = out.data(),
                       .pages = cache.pages.data(),
                       .lengths = the.lengths.data(),
                       .sinks = the.sinks ? sinks.data() : nullptr,
                       .batch = batch,
                       .tokens = the.tokens,
                       .most_pages = cache.most_pages,
                       .page_size = the.page_size,
                       .query_heads = the.query_heads,
                       .kv_heads = the.kv_heads,
                       .width = the.width,
                       .scale = 1 / std::sqrt(static_cast<float>(the.width)),
                       .window = the.window,
                       .splits = the.splits};
  Guarded<float> scratch(paged_decode_scratch(call));
  call.scratch = scratch.data();
  paged_decode_attention(call, nullptr);

  std::vector<double> expected;
  for (int row = 0; row < batch * the.tokens * the.query_heads; ++row) {
    const auto values = expected_of(the, call, cache, row);
    expected.insert(expected.end(), values.begin(), values.end());
  }
  return relative_error(out, expected);
}

// Weights and results rounded to bf16, 2^-9 each.
constexpr double kTolerance = 4e-3;

TEST(PagedDecodeCuda, EqualsTheDefinitionOnUglyLengths) {
  EXPECT_LT(error_of({.lengths = {1}}), kTolerance);
  EXPECT_LT(error_of({.lengths = {15, 16, 17, 0, 203}}), kTolerance);
  EXPECT_LT(error_of({.lengths = {65, 1}, .width = 128, .page_size = 64}), kTolerance);
}

TEST(PagedDecodeCuda, HasGroupsFromOneHeadToSixteen) {
  EXPECT_LT(error_of({.lengths = {40, 7}, .query_heads = 2, .kv_heads = 2}), kTolerance);
  EXPECT_LT(error_of({.lengths = {90}, .query_heads = 32, .kv_heads = 2, .width = 128}),
            kTolerance);
}

TEST(PagedDecodeCuda, SplitsJoinToTheSame) {
  for (const int splits : {2, 3, 40}) {
    EXPECT_LT(error_of({.lengths = {1, 0, 500, 130}, .splits = splits}), kTolerance) << splits;
    EXPECT_LT(error_of({.lengths = {300, 3}, .page_size = 64, .splits = splits, .sinks = true}),
              kTolerance);
  }
}

TEST(PagedDecodeCuda, AWindowHidesOlderKeysAndASinkTakesWeight) {
  EXPECT_LT(error_of({.lengths = {300, 5}, .window = 1}), kTolerance);
  EXPECT_LT(error_of({.lengths = {300, 129, 0}, .window = 128, .sinks = true}), kTolerance);
  EXPECT_LT(error_of({.lengths = {300}, .splits = 3, .window = 70, .sinks = true}), kTolerance);
}

TEST(PagedDecodeCuda, EachOfSeveralTokensSeesOneKeyMore) {
  // Rows of one kv head: 8, 16, 28 and 64, in one tile, two, and two blocks.
  for (const auto& [tokens, heads] : {std::pair{2, 4}, {4, 4}, {7, 4}, {8, 8}}) {
    const Case the{.lengths = {1, 0, 40, 203}, .query_heads = heads, .tokens = tokens};
    EXPECT_LT(error_of(the), kTolerance) << tokens;
  }
  EXPECT_LT(error_of({.lengths = {3, 90}, .query_heads = 10, .kv_heads = 2, .tokens = 5}),
            kTolerance);
  EXPECT_LT(error_of({.lengths = {65, 2},
                      .query_heads = 16,
                      .kv_heads = 2,
                      .width = 128,
                      .page_size = 64,
                      .tokens = 4}),
            kTolerance);
}

TEST(PagedDecodeCuda, SeveralTokensHaveSplitsWindowsAndSinks) {
  for (const int splits : {1, 3, 40}) {
    for (const int window : {0, 1, 70}) {
      const Case the{.lengths = {5, 1, 0, 300},
                     .splits = splits,
                     .window = window,
                     .sinks = true,
                     .tokens = 6};
      EXPECT_LT(error_of(the), kTolerance) << splits << " splits, window " << window;
    }
  }
}

TEST(PagedDecodeCuda, RandomShapesOfSeveralTokensEqualTheDefinition) {
  harness::Rng rng(11, "shapes");
  const auto below = [&](int limit) {
    return static_cast<int>(rng.below(static_cast<std::uint64_t>(limit)));
  };
  for (int i = 0; i < 12; ++i) {
    Case the{.lengths = {below(260), below(20), below(100)}, .tokens = 1 + below(8)};
    the.kv_heads = 1 + below(3);
    the.query_heads = the.kv_heads * (1 + below(9));
    the.width = below(2) == 0 ? 64 : 128;
    the.page_size = 16 << below(3);
    the.splits = 1 + below(4);
    the.window = below(2) * (1 + below(120));
    EXPECT_LT(error_of(the), kTolerance) << i;
  }
}

TEST(PagedDecodeCuda, GroupsOverSixteenHeadsTakeSeveralTiles) {
  EXPECT_LT(error_of({.lengths = {40, 7}, .query_heads = 17}), kTolerance);
  EXPECT_LT(error_of({.lengths = {40}, .query_heads = 71, .splits = 2}), kTolerance);
}

TEST(PagedDecodeCuda, RefusesWhatItDoesNotHave) {
  EXPECT_THROW(error_of({.lengths = {1}, .page_size = 8}), std::invalid_argument);
  EXPECT_THROW(error_of({.lengths = {1}, .width = 192}), std::invalid_argument);
  EXPECT_THROW(error_of({.lengths = {1}, .query_heads = 3, .kv_heads = 2}), std::invalid_argument);
}

TEST(DecodeSplits, GiveEachMultiprocessorTwoBlocks) {
  EXPECT_EQ(decode_splits(8, 131072, 132), 33);
  EXPECT_EQ(decode_splits(8, 1024, 132), 4);     // No split under 256 keys.
  EXPECT_EQ(decode_splits(1024, 4096, 132), 1);  // Enough blocks without.
  EXPECT_EQ(decode_splits(1, 1, 132), 1);
}

}  // namespace
}  // namespace pingjia::kernels::cuda
