#include "kernels/attention/flash.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/rng.h"
#include "kernels/attention/reference.h"
#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

/// Tensors of a shape between guard bands of NaN: a read past an end makes the result NaN.
struct Tensors {
  explicit Tensors(const AttentionShape& shape)
      : q(shape.query_elements() * 2),
        k(shape.key_elements() * 2),
        v(shape.value_elements() * 2),
        out(shape.output_elements() * 2) {
    fill_normals(q.span<Bf16>(), "q");
    fill_normals(k.span<Bf16>(), "k");
    fill_normals(v.span<Bf16>(), "v");
  }
  std::vector<AttentionProblem> problems(const AttentionShape& shape) {
    return problems_of(shape, q.as<Bf16>(), k.as<Bf16>(), v.as<Bf16>(), out.as<Bf16>());
  }
  Guarded q, k, v, out;
};

void expect_right(Isa isa, const AttentionShape& shape,
                  const std::vector<AttentionProblem>& problems, Threads& threads) {
  FlashAttention(isa, threads, shape.key_width, shape.value_width).run(problems);
  std::vector<float> actual;
  std::vector<double> expected, row(static_cast<std::size_t>(shape.value_width));
  for (const AttentionProblem& problem : problems) {
    for (std::int64_t at = 0; at < problem.rows(); ++at) {
      attention_row_reference(problem, at, shape.key_width, shape.value_width, row.data());
      expected.insert(expected.end(), row.begin(), row.end());
      const Bf16* out = problem.out + at / problem.group * problem.out_stride +
                        at % problem.group * shape.value_width;
      for (std::int64_t i = 0; i < shape.value_width; ++i) actual.push_back(to_float(out[i]));
    }
  }
  const auto difference = difference_over(actual, expected, kBf16Tolerance);
  EXPECT_FALSE(difference) << name(isa) << " batch " << shape.batch << " queries "
                           << shape.query_length << " keys " << shape.key_length << " heads "
                           << shape.query_heads << "/" << shape.kv_heads << " widths "
                           << shape.key_width << "/" << shape.value_width
                           << (shape.causal ? " causal" : "") << " window " << shape.window << ": "
                           << difference.value_or("");
}

void expect_right_everywhere(const AttentionShape& shape) {
  Threads threads(2);
  Tensors tensors(shape);
  for (const Isa isa : kEveryIsa) {
    if (is_here(isa)) expect_right(isa, shape, tensors.problems(shape), threads);
  }
  EXPECT_TRUE(tensors.out.is_intact());
}

TEST(FlashAttention, EqualsTheDefinitionOnRandomShapes) {
  harness::Rng rng(1, "attention/shapes");
  const auto up_to = [&](std::uint64_t most) {
    return static_cast<std::int64_t>(1 + rng.below(most));
  };
  for (int i = 0; i < 24; ++i) {
    AttentionShape shape;
    shape.batch = up_to(2);
    shape.kv_heads = up_to(3);
    shape.query_heads = shape.kv_heads * up_to(6);
    shape.key_length = up_to(i % 3 == 0 ? 600 : 90);
    shape.query_length = i % 4 == 0 ? 1 : up_to(60);
    shape.key_width = up_to(140);
    shape.value_width = up_to(140);
    shape.causal = i % 2 == 0;
    if (i % 5 == 0) shape.window = up_to(100);
    expect_right_everywhere(shape);
  }
}

TEST(FlashAttention, TakesShapesOfRealModels) {
  // A prompt with many rows to a head; a step of decode; a chunk after a cached prefix.
  expect_right_everywhere({.batch = 1,
                           .query_length = 300,
                           .key_length = 300,
                           .query_heads = 4,
                           .kv_heads = 2,
                           .key_width = 128,
                           .value_width = 128,
                           .causal = true});
  expect_right_everywhere({.batch = 2,
                           .query_length = 1,
                           .key_length = 777,
                           .query_heads = 8,
                           .kv_heads = 2,
                           .key_width = 128,
                           .value_width = 128});
  expect_right_everywhere({.batch = 1,
                           .query_length = 40,
                           .key_length = 600,
                           .query_heads = 8,
                           .kv_heads = 1,
                           .key_width = 64,
                           .value_width = 64,
                           .causal = true});
}

TEST(FlashAttention, ReadsLatentKeysAsValues) {
  AttentionShape shape{.batch = 2,
                       .query_length = 1,
                       .key_length = 300,
                       .query_heads = 16,
                       .kv_heads = 1,
                       .key_width = 576,
                       .value_width = 512};
  shape.values_in_keys = true;
  shape.scale_width = 192;
  expect_right_everywhere(shape);
}

TEST(FlashAttention, GivesSinksTheirShare) {
  const AttentionShape shape{.batch = 1,
                             .query_length = 7,
                             .key_length = 50,
                             .query_heads = 4,
                             .kv_heads = 2,
                             .key_width = 64,
                             .value_width = 64,
                             .causal = true};
  const float sinks[] = {0.5F, 4.0F};
  Threads threads(1);
  Tensors tensors(shape);
  auto problems = tensors.problems(shape);
  for (AttentionProblem& problem : problems) problem.sinks = sinks;
  for (const Isa isa : kEveryIsa) {
    if (is_here(isa)) expect_right(isa, shape, problems, threads);
  }
}

// Lengths of their own in one call, as a server's batch has them; one of them empty-handed: its
// first queries stand before every key.
TEST(FlashAttention, TakesProblemsOfDifferentLengths) {
  const AttentionShape shape{.batch = 3,
                             .query_length = 20,
                             .key_length = 80,
                             .query_heads = 2,
                             .kv_heads = 1,
                             .key_width = 32,
                             .value_width = 32,
                             .causal = true};
  Threads threads(2);
  Tensors tensors(shape);
  auto problems = tensors.problems(shape);
  problems[0].key_length = 5;
  problems[1].query_length = 3;
  for (const Isa isa : kEveryIsa) {
    if (is_here(isa)) expect_right(isa, shape, problems, threads);
  }
}

// Pages out of order, and NaN in every place of the last page that holds no key.
TEST(FlashAttention, FollowsPageTables) {
  constexpr std::int64_t kPage = 16, kPages = 12, kWidth = 64, kHeads = 2, kKeys = 149;
  AttentionShape shape{.batch = 1,
                       .query_length = 2,
                       .key_length = kKeys,
                       .query_heads = 8,
                       .kv_heads = kHeads,
                       .key_width = kWidth,
                       .value_width = kWidth};
  shape.causal = true;
  Guarded q(shape.query_elements() * 2), out(shape.output_elements() * 2);
  Guarded keys(kPages * kPage * kHeads * kWidth * 2), values(kPages * kPage * kHeads * kWidth * 2);
  fill_normals(q.span<Bf16>(), "q");
  std::vector<std::int32_t> pages = {7, 2, 11, 0, 5, 3, 9, 1, 10, 4};
  for (std::int64_t key = 0; key < kKeys; ++key) {
    const std::int64_t at =
        (pages[static_cast<std::size_t>(key / kPage)] * kPage + key % kPage) * kHeads * kWidth;
    fill_normals(keys.span<Bf16>().subspan(static_cast<std::size_t>(at), kHeads * kWidth),
                 "k" + std::to_string(key));
    fill_normals(values.span<Bf16>().subspan(static_cast<std::size_t>(at), kHeads * kWidth),
                 "v" + std::to_string(key));
  }
  auto problems =
      problems_of(shape, q.as<Bf16>(), keys.as<Bf16>(), values.as<Bf16>(), out.as<Bf16>());
  for (std::size_t head = 0; head < problems.size(); ++head) {
    AttentionProblem& problem = problems[head];
    problem.pages = pages.data();
    problem.page_size = kPage;
    problem.page_keys = problem.page_values = kPage * kHeads * kWidth;
  }
  Threads threads(2);
  for (const Isa isa : kEveryIsa) {
    if (is_here(isa)) expect_right(isa, shape, problems, threads);
  }
}

TEST(FlashAttention, OverwritesWhatTheOutputHeld) {
  const AttentionShape shape{.batch = 1,
                             .query_length = 4,
                             .key_length = 2,
                             .query_heads = 1,
                             .kv_heads = 1,
                             .key_width = 8,
                             .value_width = 8,
                             .causal = true};
  Threads threads(1);
  Tensors tensors(shape);
  FlashAttention(Isa::kPortable, threads, 8, 8).run(tensors.problems(shape));
  // The first two of four queries over two keys see none.
  const auto out = tensors.out.span<Bf16>();
  EXPECT_TRUE(std::all_of(out.begin(), out.begin() + 16, [](Bf16 v) { return v.bits == 0; }));
  EXPECT_TRUE(std::any_of(out.begin() + 16, out.end(), [](Bf16 v) { return v.bits != 0; }));
}

}  // namespace
}  // namespace pingjia::kernels
