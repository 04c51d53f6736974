#include "kernels/layer/decoder_layer.h"

#include <gtest/gtest.h>

#include <cmath>

#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

constexpr std::int64_t kBatch = 2, kLength = 19;

ModelShape small_model() {
  ModelShape model;
  model.hidden = 48;
  model.query_heads = 4;
  model.kv_heads = 2;
  model.head_width = 16;
  model.intermediate = 72;
  return model;
}

using Matrix = std::vector<double>;

std::vector<Bf16> made(std::int64_t count, const char* stream, double scale) {
  std::vector<Bf16> values(static_cast<std::size_t>(count));
  fill_normals(std::span(values), stream, scale);
  return values;
}

Matrix widened(const std::vector<Bf16>& values) {
  Matrix wide;
  for (const Bf16 value : values) wide.push_back(static_cast<double>(to_float(value)));
  return wide;
}

/// weights [rows][x.size()] times x.
Matrix product(const Matrix& weights, const Matrix& x) {
  Matrix out(weights.size() / x.size(), 0);
  for (std::size_t i = 0; i < weights.size(); ++i)
    out[i / x.size()] += weights[i] * x[i % x.size()];
  return out;
}

Matrix normed(const Matrix& x, const Matrix& gain) {
  double squares = 0;
  for (const double value : x) squares += value * value;
  Matrix out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.push_back(x[i] / std::sqrt(squares / static_cast<double>(x.size()) + 1e-5) * gain[i]);
  }
  return out;
}

void rotate(double* head, std::size_t width) {
  for (std::size_t i = 0; i < width / 2; ++i) {
    const double angle =
        static_cast<double>(kLength) *
        std::pow(500000.0, -static_cast<double>(i) / static_cast<double>(width / 2));
    const double x = head[i], y = head[i + width / 2];
    head[i] = x * std::cos(angle) - y * std::sin(angle);
    head[i + width / 2] = y * std::cos(angle) + x * std::sin(angle);
  }
}

/// The layer by its definition, in double precision; keys and values of one sequence, with the new
/// token's at the end.
struct Reference {
  ModelShape model = small_model();
  Matrix qkv, o, gate_up, down, attention_gain, mlp_gain;

  Matrix run(const Matrix& x, const Matrix& keys, const Matrix& values) const {
    Matrix heads = product(qkv, normed(x, attention_gain));
    const auto width = static_cast<std::size_t>(model.head_width);
    const auto queries = static_cast<std::size_t>(model.query_heads);
    const auto kv = static_cast<std::size_t>(model.kv_heads);
    for (std::size_t head = 0; head < queries + kv; ++head) rotate(&heads[head * width], width);
    Matrix all_keys = keys, all_values = values;
    for (std::size_t i = 0; i < kv * width; ++i) {
      all_keys[keys.size() - kv * width + i] = heads[queries * width + i];
      all_values[values.size() - kv * width + i] = heads[(queries + kv) * width + i];
    }
    Matrix attended;
    for (std::size_t head = 0; head < queries; ++head) {
      const Matrix one = attend(&heads[head * width], all_keys, all_values, head / (queries / kv));
      attended.insert(attended.end(), one.begin(), one.end());
    }
    Matrix middle = product(o, attended);
    for (std::size_t i = 0; i < x.size(); ++i) middle[i] += x[i];
    Matrix inside = product(gate_up, normed(middle, mlp_gain));
    const std::size_t half = inside.size() / 2;
    for (std::size_t i = 0; i < half; ++i)
      inside[i] *= inside[half + i] / (1 + std::exp(-inside[i]));
    inside.resize(half);
    Matrix out = product(down, inside);
    for (std::size_t i = 0; i < x.size(); ++i) out[i] += middle[i];
    return out;
  }

  Matrix attend(const double* query, const Matrix& keys, const Matrix& values,
                std::size_t kv_head) const {
    const auto width = static_cast<std::size_t>(model.head_width);
    const std::size_t row = width * static_cast<std::size_t>(model.kv_heads);
    Matrix out(width, 0);
    double sum = 0;
    for (std::size_t at = kv_head * width; at < keys.size(); at += row) {
      double dot = 0;
      for (std::size_t i = 0; i < width; ++i) dot += query[i] * keys[at + i];
      const double weight = std::exp(dot / std::sqrt(static_cast<double>(width)));
      sum += weight;
      for (std::size_t i = 0; i < width; ++i) out[i] += weight * values[at + i];
    }
    for (double& value : out) value /= sum;
    return out;
  }
};

TEST(DecoderLayer, EqualsItsDefinition) {
  const ModelShape model = small_model();
  const std::int64_t row = model.kv_heads * model.head_width;
  const auto qkv = made((model.query_heads + 2 * model.kv_heads) * model.head_width * model.hidden,
                        "qkv", 1 / std::sqrt(model.hidden));
  const auto o = made(model.hidden * model.query_heads * model.head_width, "o", 0.12);
  const auto gate_up = made(2 * model.intermediate * model.hidden, "gate_up", 0.14);
  const auto down = made(model.hidden * model.intermediate, "down", 0.12);
  const auto gain = made(model.hidden, "gain", 1), other_gain = made(model.hidden, "other", 1);
  const Reference reference{model,         widened(qkv),  widened(o),         widened(gate_up),
                            widened(down), widened(gain), widened(other_gain)};
  const auto x = made(kBatch * model.hidden, "x", 1);
  const auto keys = made(kBatch * (kLength + 1) * row, "k", 1),
             values = made(kBatch * (kLength + 1) * row, "v", 1);
  Matrix expected;
  for (std::int64_t i = 0; i < kBatch; ++i) {
    const auto part = [i](const std::vector<Bf16>& of) {
      const auto size = static_cast<std::ptrdiff_t>(of.size()) / kBatch;
      return widened({of.begin() + i * size, of.begin() + (i + 1) * size});
    };
    const Matrix one = reference.run(part(x), part(keys), part(values));
    expected.insert(expected.end(), one.begin(), one.end());
  }
  Threads threads(2);
  for (const Isa isa : kEveryIsa) {
    if (!is_here(isa)) continue;
    auto out = x, mine = keys, my_values = values;
    DecoderLayer(
        isa, model,
        {qkv.data(), o.data(), gate_up.data(), down.data(), gain.data(), other_gain.data()}, kBatch,
        kLength, threads)
        .run(out.data(), mine.data(), my_values.data());
    std::vector<float> actual;
    for (const Bf16 value : out) actual.push_back(to_float(value));
    const auto difference = difference_over(actual, expected, 2 * kBf16Tolerance);
    EXPECT_FALSE(difference) << name(isa) << ": " << difference.value_or("");
  }
}

TEST(DecoderLayer, CountsMatricesAndCaches) {
  ModelShape llama = small_model();
  llama.hidden = 4096;
  llama.query_heads = 32;
  llama.kv_heads = 8;
  llama.head_width = 128;
  llama.intermediate = 14336;
  // 218 million weights in a layer of Llama-3.1-8B; 4,096 bytes of cache for each token.
  const double weights = 4096.0 * (6144 + 4096 + 3 * 14336);
  EXPECT_EQ(DecoderLayer::minimum_bytes(llama, 2, 99), 2 * weights + 2.0 * 100 * 4096);
  EXPECT_EQ(DecoderLayer::flops(llama, 2, 99), 2 * (2 * weights + 4.0 * 100 * 4096));
}

}  // namespace
}  // namespace pingjia::kernels
