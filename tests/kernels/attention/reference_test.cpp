#include "kernels/attention/reference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "harness/base/rng.h"
#include "kernels/closeness.h"

namespace pingjia::kernels {
namespace {

std::vector<double> normals(std::int64_t count, const char* stream) {
  harness::Rng rng(7, stream);
  std::vector<double> values(static_cast<std::size_t>(count));
  for (double& value : values) value = static_cast<float>(rng.normal());
  return values;
}

struct Inputs {
  explicit Inputs(const AttentionShape& shape)
      : q(normals(shape.query_elements(), "q")),
        k(normals(shape.key_elements(), "k")),
        v(normals(shape.value_elements(), "v")) {}
  std::vector<double> q, k, v;
};

std::vector<double> attention(const AttentionShape& shape, const Inputs& in) {
  // NaN where nothing is written.
  std::vector<double> out(static_cast<std::size_t>(shape.output_elements()), NAN);
  attention_reference<double>(shape, in.q, in.k, in.v, out);
  return out;
}

const AttentionShape kGrouped{.batch = 2,
                              .query_length = 5,
                              .key_length = 7,
                              .query_heads = 6,
                              .kv_heads = 2,
                              .key_width = 8,
                              .value_width = 3};

// One query, two keys, width 4, so the scale is 1/2. Scores q.k/2: ln 3 and 0; weights 3/4 and 1/4.
TEST(AttentionReference, AgreesWithACaseDoneByHand) {
  const AttentionShape shape{.query_length = 1, .key_length = 2, .key_width = 4, .value_width = 2};
  const double ln3 = std::log(3.0);
  const std::vector<double> q{2, 0, 0, 1};
  const std::vector<double> k{ln3, 5, 5, 0, 0, 9, 9, 0};
  const std::vector<double> v{8, -4, 4, 0};
  std::vector<double> out(2, NAN);
  attention_reference<double>(shape, q, k, v, out);
  EXPECT_NEAR(out[0], 7.0, 1e-12);
  EXPECT_NEAR(out[1], -3.0, 1e-12);
}

TEST(AttentionReference, ACausalFirstQueryReturnsTheFirstValue) {
  AttentionShape shape = kGrouped;
  shape.query_length = shape.key_length;
  shape.causal = true;
  const Inputs in(shape);
  const auto out = attention(shape, in);
  for (std::size_t head = 0; head < 6; ++head) {
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_DOUBLE_EQ(out[head * 3 + i], in.v[head / 3 * 3 + i]) << "head " << head;
    }
  }
}

TEST(AttentionReference, AZeroQueryReturnsTheMeanOfTheValuesItSees) {
  AttentionShape shape = kGrouped;
  shape.causal = true;
  Inputs in(shape);
  in.q.assign(in.q.size(), 0.0);
  const auto out = attention(shape, in);
  for (std::int64_t row = 0; row < shape.query_length; ++row) {
    for (std::size_t i = 0; i < 3; ++i) {
      double mean = 0;
      for (std::int64_t key = 0; key < shape.keys_seen(row); ++key) {
        mean +=
            in.v[static_cast<std::size_t>(key) * 6 + i] / static_cast<double>(shape.keys_seen(row));
      }
      EXPECT_NEAR(out[static_cast<std::size_t>(row) * 18 + i], mean, 1e-12) << "row " << row;
    }
  }
}

// Query head h of 6 reads kv head h / 3 of 2: the same as giving each query head its own copy.
TEST(AttentionReference, GroupedHeadsEqualRepeatedHeads) {
  const Inputs grouped(kGrouped);
  AttentionShape shape = kGrouped;
  shape.kv_heads = shape.query_heads;
  Inputs repeated(shape);
  repeated.q = grouped.q;
  const auto repeat = [](const std::vector<double>& from, std::size_t width) {
    std::vector<double> to;
    for (std::size_t row = 0; row < from.size() / (2 * width); ++row) {
      for (std::size_t head = 0; head < 6; ++head) {
        const auto first = from.begin() + static_cast<std::ptrdiff_t>((row * 2 + head / 3) * width);
        to.insert(to.end(), first, first + static_cast<std::ptrdiff_t>(width));
      }
    }
    return to;
  };
  repeated.k = repeat(grouped.k, 8);
  repeated.v = repeat(grouped.v, 3);
  EXPECT_EQ(attention(kGrouped, grouped), attention(shape, repeated));
}

// What comes after a causal query cannot change its answer.
TEST(AttentionReference, ACausalQueryIsBlindToLaterKeys) {
  AttentionShape shape = kGrouped;
  shape.batch = 1;
  shape.causal = true;
  Inputs in(shape);
  const auto before = attention(shape, in);
  in.k.back() += 10;
  in.v.back() += 10;
  const auto after = attention(shape, in);
  const std::size_t last_query = before.size() - 18;
  EXPECT_TRUE(std::equal(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(last_query),
                         after.begin()));
  EXPECT_NE(before.back(), after.back());
}

TEST(AttentionReference, AQueryThatSeesNothingGivesZeros) {
  AttentionShape shape = kGrouped;
  shape.query_length = 9;
  shape.causal = true;
  const auto out = attention(shape, Inputs(shape));
  for (std::size_t i = 0; i < 2 * 18; ++i) EXPECT_EQ(out[i], 0.0);
  EXPECT_NE(out[2 * 18], 0.0);
}

// exp(400) overflows a float; without the subtraction of the maximum this is NaN.
TEST(AttentionReference, LargeScoresStayFinite) {
  const AttentionShape shape{.key_length = 2};
  const std::vector<float> q{20}, k{20, 19}, v{3, 5};
  std::vector<float> out(1, NAN);
  attention_reference<float>(shape, q, k, v, out);
  EXPECT_NEAR(out[0], 3.0F, 1e-6);
}

TEST(AttentionReference, SinglePrecisionStaysNearDouble) {
  const Inputs in(kGrouped);
  const auto narrow = [](const std::vector<double>& from) {
    return std::vector<float>(from.begin(), from.end());
  };
  const auto q = narrow(in.q), k = narrow(in.k), v = narrow(in.v);
  std::vector<float> out(static_cast<std::size_t>(kGrouped.output_elements()), NAN);
  attention_reference<float>(kGrouped, q, k, v, out);
  EXPECT_LT(largest_difference(out, attention(kGrouped, in)), 1e-5);
}

}  // namespace
}  // namespace pingjia::kernels
