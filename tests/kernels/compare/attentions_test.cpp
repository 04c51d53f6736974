#include "kernels/compare/attentions.h"

#include <gtest/gtest.h>

#include "kernels/attention/attention_trial.h"
#include "kernels/attention/reference.h"
#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"
#include "tests/kernels/instrumented.h"

namespace pingjia::kernels {
namespace {

std::vector<double> widened(std::span<const Bf16> values) {
  std::vector<double> wide;
  for (const Bf16 value : values) wide.push_back(static_cast<double>(to_float(value)));
  return wide;
}

void expect_right(const AttentionShape& shape, const AttentionMaker& maker, Threads& threads) {
  Guarded q(shape.query_elements() * 2), k(shape.key_elements() * 2), v(shape.value_elements() * 2),
      out(shape.output_elements() * 2);
  fill_normals(q.span<Bf16>(), "q");
  fill_normals(k.span<Bf16>(), "k");
  fill_normals(v.span<Bf16>(), "v");
  std::vector<double> expected(static_cast<std::size_t>(shape.output_elements()));
  const auto wide_q = widened(q.span<Bf16>()), wide_k = widened(k.span<Bf16>()),
             wide_v = widened(v.span<Bf16>());
  attention_reference<double>(shape, wide_q, wide_k, wide_v, expected);
  const auto call = maker.make(shape, threads);
  call->run(q.as<Bf16>(), k.as<Bf16>(), v.as<Bf16>(), out.as<Bf16>());
  std::vector<float> actual;
  for (const Bf16 value : out.span<Bf16>()) actual.push_back(to_float(value));
  const auto difference = difference_over(actual, expected, kBf16Tolerance);
  EXPECT_FALSE(difference) << maker.implementation << " queries " << shape.query_length << " keys "
                           << shape.key_length << " heads " << shape.query_heads << "/"
                           << shape.kv_heads << " widths " << shape.key_width << "/"
                           << shape.value_width << ": " << difference.value_or("");
  EXPECT_TRUE(out.is_intact());
}

AttentionShape shape_of(std::int64_t batch, std::int64_t queries, std::int64_t keys,
                        std::int64_t heads, std::int64_t kv_heads, std::int64_t width,
                        bool causal) {
  AttentionShape shape;
  shape.batch = batch;
  shape.query_length = queries;
  shape.key_length = keys;
  shape.query_heads = heads;
  shape.kv_heads = kv_heads;
  shape.key_width = shape.value_width = width;
  shape.causal = causal;
  return shape;
}

// Decode, a prompt over several blocks and chunks, a chunk after a cached prefix, odd lengths.
TEST(OtherAttentions, EqualTheDefinition) {
  if (kThreadsAreWatched) GTEST_SKIP() << kWatchedReason;
  Threads threads(2);
  std::string absent;
  for (const AttentionShape& shape :
       {shape_of(2, 1, 77, 8, 2, 64, false), shape_of(1, 1, 1, 2, 1, 64, true),
        shape_of(1, 650, 650, 4, 2, 64, true), shape_of(2, 40, 333, 6, 2, 128, true),
        shape_of(1, 33, 47, 3, 3, 96, false), shape_of(1, 130, 130, 2, 1, 128, true)}) {
    for (const AttentionMaker& maker : other_attentions(shape)) {
      EXPECT_FALSE(maker.ours);
      if (maker.absent.empty()) {
        expect_right(shape, maker, threads);
      } else {
        absent += maker.implementation + ": " + maker.absent + "\n";
      }
    }
  }
  if (!absent.empty()) GTEST_SKIP() << absent;
}

TEST(OtherAttentions, SayWhatTheyCannotDo) {
  AttentionShape latent = shape_of(1, 1, 9, 4, 1, 64, false);
  latent.values_in_keys = true;
  AttentionShape windowed = shape_of(1, 9, 9, 4, 1, 64, true);
  windowed.window = 4;
  for (const AttentionShape& shape : {latent, windowed, shape_of(1, 9, 4, 4, 1, 64, true)}) {
    for (const AttentionMaker& maker : other_attentions(shape)) EXPECT_NE(maker.absent, "");
  }
}

}  // namespace
}  // namespace pingjia::kernels
