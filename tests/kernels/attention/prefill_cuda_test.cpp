#include "kernels/attention/prefill_cuda.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

struct Case {
  std::vector<int> queries, keys;  // Of each sequence.
  int query_heads = 2, kv_heads = 1;
  int key_width = 64, value_width = 64;
  bool causal = true;
  int window = 0;
  bool sinks = false;
  /// All of this sequence's tensors are NaN, and so may its results be, but no other's.
  int spoilt = -1;
};

using Kernel = void (*)(const PrefillCall&, Stream);

std::vector<int> starts(const std::vector<int>& lengths) {
  std::vector<int> sums{0};
  for (const int length : lengths) sums.push_back(sums.back() + length);
  return sums;
}

// By the definition, in fp64, one sequence and head and query at a time.
class Expected {
 public:
  Expected(const PrefillCall& call, int sequence, int head)
      : call_(call),
        head_(head),
        kv_head_(head / (call.query_heads / call.kv_heads)),
        first_query_(call.query_starts[sequence]),
        queries_(call.query_starts[sequence + 1] - first_query_),
        first_key_(call.key_starts[sequence]),
        keys_(call.key_starts[sequence + 1] - first_key_) {}

  int queries() const { return queries_; }
  std::int64_t row(int query) const {
    return std::int64_t{first_query_ + query} * call_.query_heads + head_;
  }
  std::vector<double> out(int query) const {
    const double sink = call_.sinks != nullptr ? std::exp(call_.sinks[head_]) : 0;
    double sum = sink;
    std::vector<double> values(static_cast<std::size_t>(call_.value_width));
    const int last = call_.causal ? query + keys_ - queries_ : keys_ - 1;
    const int first = call_.window > 0 ? std::max(0, last - call_.window + 1) : 0;
    for (int key = first; key <= last; ++key) {
      const double weight = std::exp(dot(query, key) * call_.scale);
      sum += weight;
      for (int i = 0; i < call_.value_width; ++i) {
        values[i] += weight * widen(call_.v[key_row(key) * call_.value_width + i]);
      }
    }
    for (double& value : values) value = sum > 0 ? value / sum : 0;
    return values;
  }

 private:
  std::int64_t key_row(int key) const {
    return std::int64_t{first_key_ + key} * call_.kv_heads + kv_head_;
  }
  double dot(int query, int key) const {
    double sum = 0;
    for (int i = 0; i < call_.key_width; ++i) {
      sum += double{widen(call_.q[row(query) * call_.key_width + i])} *
             widen(call_.k[key_row(key) * call_.key_width + i]);
    }
    return sum;
  }

  const PrefillCall& call_;
  int head_, kv_head_, first_query_, queries_, first_key_, keys_;
};

void spoil(Guarded<Bf16Bits>& rows, const std::vector<int>& starts, int sequence, Bf16Bits value) {
  const std::int64_t width = rows.size() / starts.back();
  for (std::int64_t i = starts[sequence] * width; i < starts[sequence + 1] * width; ++i) {
    rows[i] = value;
  }
}

double error_of(const Case& the, Kernel kernel) {
  const std::vector<int> query_starts = starts(the.queries), key_starts = starts(the.keys);
  Guarded<Bf16Bits> q(std::int64_t{query_starts.back()} * the.query_heads * the.key_width);
  Guarded<Bf16Bits> k(std::int64_t{key_starts.back()} * the.kv_heads * the.key_width);
  Guarded<Bf16Bits> v(std::int64_t{key_starts.back()} * the.kv_heads * the.value_width);
  Guarded<Bf16Bits> out(std::int64_t{query_starts.back()} * the.query_heads * the.value_width);
  fill_normal(q, 1, "q"), fill_normal(k, 1, "k"), fill_normal(v, 1, "v");
  if (the.spoilt >= 0) {
    spoil(q, query_starts, the.spoilt, 0x7fff);
    for (auto* rows : {&k, &v}) spoil(*rows, key_starts, the.spoilt, 0x7fff);
  }
  const std::vector<float> sinks{0.5f, -1.0f, 3.0f, 0.0f};
  PrefillCall call{.q = q.data(), .k = k.data(), .v = v.data(), .out = out.data()};
  call.query_starts = query_starts.data(), call.key_starts = key_starts.data();
  call.sinks = the.sinks ? sinks.data() : nullptr;
  call.batch = static_cast<int>(the.queries.size());
  call.longest_query = *std::max_element(the.queries.begin(), the.queries.end());
  call.query_tokens = query_starts.back(), call.key_tokens = key_starts.back();
  call.query_heads = the.query_heads, call.kv_heads = the.kv_heads;
  call.key_width = the.key_width, call.value_width = the.value_width;
  call.scale = 1 / std::sqrt(static_cast<float>(the.key_width));
  call.causal = the.causal, call.window = the.window;
  kernel(call, nullptr);

  std::vector<double> expected(static_cast<std::size_t>(out.size()));
  if (the.spoilt >= 0) spoil(out, query_starts, the.spoilt, 0);
  for (int sequence = 0; sequence < call.batch; ++sequence) {
    if (sequence == the.spoilt) continue;
    for (int head = 0; head < call.query_heads; ++head) {
      const Expected part(call, sequence, head);
      for (int query = 0; query < part.queries(); ++query) {
        const std::vector<double> row = part.out(query);
        std::copy(row.begin(), row.end(), expected.begin() + part.row(query) * call.value_width);
      }
    }
  }
  return relative_error(out, expected);
}

// Weights and results rounded to bf16, 2^-9 each; measured at 2.6e-3 at most.
constexpr double kTolerance = 4e-3;

class PrefillCuda : public testing::TestWithParam<Kernel> {
 protected:
  static double error_of(const Case& the) { return cuda::error_of(the, GetParam()); }
};

TEST_P(PrefillCuda, EqualsTheDefinitionOnUglyLengths) {
  for (const bool causal : {false, true}) {
    EXPECT_LT(error_of({.queries = {1}, .keys = {1}, .causal = causal}), kTolerance);
    EXPECT_LT(error_of({.queries = {65}, .keys = {65}, .causal = causal}), kTolerance);
    EXPECT_LT(error_of({.queries = {1, 130, 7}, .keys = {63, 131, 7}, .causal = causal}),
              kTolerance);
  }
}

TEST_P(PrefillCuda, HasEachWidth) {
  for (const auto& [key, value] : {std::pair{64, 64}, {128, 128}, {192, 128}}) {
    EXPECT_LT(error_of({.queries = {33}, .keys = {100}, .key_width = key, .value_width = value}),
              kTolerance)
        << key;
  }
  EXPECT_THROW(error_of({.queries = {1}, .keys = {1}, .key_width = 96, .value_width = 96}),
               std::invalid_argument);
}

TEST_P(PrefillCuda, GroupsOfQueryHeadsShareAKvHead) {
  EXPECT_LT(error_of({.queries = {20}, .keys = {30}, .query_heads = 4, .kv_heads = 2}), kTolerance);
}

TEST_P(PrefillCuda, QueriesThatStandBeforeAllKeysGiveZeros) {
  EXPECT_LT(error_of({.queries = {140}, .keys = {5}}), kTolerance);
  EXPECT_LT(error_of({.queries = {3, 140}, .keys = {0, 0}}), kTolerance);
}

TEST_P(PrefillCuda, AWindowHidesOlderKeysAndASinkTakesWeight) {
  EXPECT_LT(error_of({.queries = {150}, .keys = {300}, .window = 1}), kTolerance);
  EXPECT_LT(error_of({.queries = {150}, .keys = {300}, .window = 70, .sinks = true}), kTolerance);
  EXPECT_LT(error_of({.queries = {9}, .keys = {9}, .query_heads = 4, .window = 128, .sinks = true}),
            kTolerance);
}

TEST_P(PrefillCuda, ManyTilesOfKeysPassThroughTheSameBuffers) {
  EXPECT_LT(error_of({.queries = {70}, .keys = {900}, .query_heads = 1}), kTolerance);
  EXPECT_LT(error_of({.queries = {5}, .keys = {640}, .causal = false}), kTolerance);
}

TEST_P(PrefillCuda, AnotherSequencesNanSpoilsNothing) {
  for (const bool causal : {false, true}) {
    for (const int spoilt : {0, 1, 2}) {
      EXPECT_LT(
          error_of(
              {.queries = {9, 140, 3}, .keys = {140, 150, 20}, .causal = causal, .spoilt = spoilt}),
          kTolerance);
    }
  }
}

TEST_P(PrefillCuda, TheOrderInWhichThreadsRunChangesNothing) {
  const Case the{.queries = {129}, .keys = {129}};
  const double first = error_of(the);
  for (const std::uint64_t seed : {2u, 3u}) {
    set_emulation_seed(seed);
    EXPECT_EQ(error_of(the), first);
  }
}

INSTANTIATE_TEST_SUITE_P(Kernels, PrefillCuda,
                         testing::Values(prefill_attention, prefill_attention_hopper),
                         [](const auto& kernel) {
                           return kernel.param == prefill_attention ? "sm_80" : "sm_90a";
                         });

}  // namespace
}  // namespace pingjia::kernels::cuda
