#include <benchmark/benchmark.h>

#include <limits>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "kernels/attention/reference.h"
#include "kernels/closeness.h"

namespace pingjia::kernels {
namespace {

// Values of the model's size are standard normal: all-zero inputs run 12 to 15 % faster on devices
// that save power on them.
std::vector<double> normals(std::int64_t count, const std::string& stream) {
  harness::Rng rng(1, stream);
  std::vector<double> values(static_cast<std::size_t>(count));
  // Rounded, so that the double-precision check sees the same inputs.
  for (double& value : values) value = static_cast<float>(rng.normal());
  return values;
}

std::vector<float> narrow(const std::vector<double>& values) {
  return std::vector<float>(values.begin(), values.end());
}

// Bound on the rounding of one dot product of standard normals, one softmax and one weighted sum
// in single precision; measured at 2e-6 on the largest shape below.
constexpr double kTolerance = 1e-4;

void prefill_reference(benchmark::State& state, const AttentionShape& shape) {
  const auto q = normals(shape.query_elements(), "q");
  const auto k = normals(shape.key_elements(), "k");
  const auto v = normals(shape.value_elements(), "v");
  const auto narrow_q = narrow(q), narrow_k = narrow(k), narrow_v = narrow(v);
  const auto outputs = static_cast<std::size_t>(shape.output_elements());
  std::vector<double> expected(outputs);
  attention_reference<double>(shape, q, k, v, expected);

  // The buffer that is timed is the buffer that is checked. NaN before, so that an element the
  // kernel forgets is seen.
  std::vector<float> out(outputs, std::numeric_limits<float>::quiet_NaN());
  attention_reference<float>(shape, narrow_q, narrow_k, narrow_v, out);
  const double difference = largest_difference(out, expected);
  if (!(difference <= kTolerance)) {
    state.SkipWithError("differs from the double-precision result");
    return;
  }

  for (auto _ : state) {
    attention_reference<float>(shape, narrow_q, narrow_k, narrow_v, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  using benchmark::Counter;
  state.counters["FLOPS"] = Counter(shape.flops(), Counter::kIsIterationInvariantRate);
  state.counters["flops"] = shape.flops();
  state.counters["min_bytes"] = shape.minimum_bytes(sizeof(float));
  state.counters["largest_difference"] = difference;
}

// Heads of Llama-3.1-8B (32 query, 8 kv, width 128) over 8, and of gpt-oss (width 64) over 8:
// the same ratio of query heads to kv heads, at a length a naive kernel ends in a second.
AttentionShape small_prefill(std::int64_t length, std::int64_t width, bool causal) {
  return {.batch = 1,
          .query_length = length,
          .key_length = length,
          .query_heads = width == 128 ? 4 : 8,
          .kv_heads = 1,
          .key_width = width,
          .value_width = width,
          .causal = causal};
}

// attention/prefill_reference/fp32/QUERY HEADS/KV HEADS/WIDTH/LENGTH/MASK
[[maybe_unused]] const bool kRegistered = [] {
  for (const std::int64_t width : {64, 128}) {
    for (const std::int64_t length : {64, 256, 512}) {
      for (const bool causal : {false, true}) {
        const AttentionShape shape = small_prefill(length, width, causal);
        const std::string name = "attention/prefill_reference/fp32/h" +
                                 std::to_string(shape.query_heads) + "/kv" +
                                 std::to_string(shape.kv_heads) + "/d" + std::to_string(width) +
                                 "/s" + std::to_string(length) + (causal ? "/causal" : "/full");
        benchmark::RegisterBenchmark(
            name.c_str(), [shape](benchmark::State& state) { prefill_reference(state, shape); })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
      }
    }
  }
  return true;
}();

}  // namespace
}  // namespace pingjia::kernels
