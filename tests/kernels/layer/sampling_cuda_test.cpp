#include "kernels/layer/sampling.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "kernels/layer/sampling_cuda.h"
#include "tests/kernels/cuda/emulator.h"
#include "tests/kernels/cuda/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

std::vector<float> normals(int count, double deviation) {
  harness::Rng rng(6, "logits");
  std::vector<float> made;
  for (int i = 0; i < count; ++i) made.push_back(static_cast<float>(rng.normal() * deviation));
  return made;
}

/// One row's draws for each number, on the device.
std::vector<int> drawn(const std::vector<float>& row, const SamplingRule& rule,
                       const std::vector<double>& uniforms) {
  const auto rows = static_cast<int>(uniforms.size()), vocabulary = static_cast<int>(row.size());
  Guarded<float> logits(std::int64_t{rows} * vocabulary);
  Guarded<int> tokens(rows);
  for (std::int64_t i = 0; i < logits.size(); ++i) {
    logits[i] = row[static_cast<std::size_t>(i % vocabulary)];
  }
  SampleCall call{.logits = logits.data(),
                  .uniforms = uniforms.data(),
                  .tokens = tokens.data(),
                  .rows = rows,
                  .vocabulary = vocabulary,
                  .temperature = rule.temperature,
                  .top_k = static_cast<int>(rule.top_k),
                  .top_p = rule.top_p};
  Guarded<int> scratch(sample_scratch(call));
  call.scratch = scratch.data();
  sample_tokens(call, nullptr);
  return {tokens.data(), tokens.data() + rows};
}

void expect_as_on_processor(const std::vector<float>& logits, const SamplingRule& rule) {
  const std::vector<double> uniforms = {0.123, 0.87654};
  std::vector<int> expected;
  for (const double uniform : uniforms) expected.push_back(sample_token(logits, rule, uniform));
  EXPECT_EQ(drawn(logits, rule, uniforms), expected)
      << logits.size() << " tokens, temperature " << rule.temperature << ", top_k " << rule.top_k
      << ", top_p " << rule.top_p;
}

TEST(SamplingCuda, DrawsWhatTheProcessorDraws) {
  const SamplingRule rules[] = {
      {},
      {.temperature = 0.7f, .top_k = 40, .top_p = 0.95f},
      {.top_k = 1},
      {.temperature = 0.3f, .top_p = 0.9f},
      {.temperature = 5, .top_p = 0.5f},
      {.top_k = 3},
      {.temperature = 2, .top_k = 100000},
      {.top_p = 0},
  };
  for (const int vocabulary : {1, 31, 3001}) {
    for (const SamplingRule& rule : rules) expect_as_on_processor(normals(vocabulary, 2), rule);
  }
}

TEST(SamplingCuda, SiftsALargeVocabulary) {
  const SamplingRule rules[] = {{.temperature = 0.7f, .top_k = 40, .top_p = 0.95f}, {.top_k = 1}};
  for (const SamplingRule& rule : rules) expect_as_on_processor(normals(20011, 2), rule);
  // Each part but the last leaves all it has; the last has less than is asked for.
  expect_as_on_processor(std::vector<float>(16400, 0.5f), {.top_k = 1000});
}

TEST(SamplingCuda, OfEqualLogitsTheFirstComesFirst) {
  std::vector<float> equal(1500, 0.5f);
  expect_as_on_processor(equal, {});
  expect_as_on_processor(equal, {.top_k = 7});
  equal[1200] = 1;
  for (std::size_t i = 0; i < equal.size(); i += 3) equal[i] = -0.0f, equal[i + 1] = 0.0f;
  expect_as_on_processor(equal, {.top_p = 0.6f});
}

TEST(SamplingCuda, TakesLogitsThatRuleTokensOut) {
  std::vector<float> logits = normals(700, 1);
  for (std::size_t i = 0; i < logits.size(); i += 2) logits[i] = -1e30f;
  expect_as_on_processor(logits, {});
  expect_as_on_processor(logits, {.top_k = 600});
  logits[3] = 1e30f;
  expect_as_on_processor(logits, {});
}

TEST(SamplingCuda, DrawsByTheChances) {
  // 0.5, 0.25, 0.125 and 0.125: each number's token is that of the sums from the likeliest down.
  const std::vector<float> logits = {std::log(0.125f), std::log(0.5f), std::log(0.125f),
                                     std::log(0.25f)};
  EXPECT_EQ(drawn(logits, {}, {0, 0.499, 0.501, 0.749, 0.751, 0.876, 0.9999999}),
            (std::vector<int>{1, 1, 3, 3, 0, 2, 2}));
}

TEST(SamplingCuda, RefusesWhatItDoesNotHave) {
  for (const SampleCall& call : {SampleCall{.vocabulary = 0}, SampleCall{.vocabulary = 1 << 24},
                                 SampleCall{.temperature = 0}, SampleCall{.top_k = -1}}) {
    EXPECT_THROW(sample_tokens(call, nullptr), std::invalid_argument);
  }
}

}  // namespace
}  // namespace pingjia::kernels::cuda
