#include "kernels/layer/decoder_layer.h"

#include <algorithm>
#include <cmath>

namespace pingjia::kernels {
namespace {

constexpr float kEpsilon = 1e-5F;

std::int64_t heads(const ModelShape& model) {
  return model.query_heads + 2 * model.kv_heads;
}

std::size_t size(std::int64_t count) {
  return static_cast<std::size_t>(count);
}

}  // namespace

DecoderLayer::DecoderLayer(Isa isa, const ModelShape& model, const DecoderWeights& weights,
                           std::int64_t batch, std::int64_t length, Threads& threads)
    : model_(model),
      batch_(batch),
      length_(length),
      rows_(layer_rows(isa)),
      threads_(threads),
      attention_gain_(weights.attention_gain, weights.attention_gain + model.hidden),
      mlp_gain_(weights.mlp_gain, weights.mlp_gain + model.hidden),
      qkv_weights_(bf16_micro(isa), weights.qkv, heads(model) * model.head_width, model.hidden,
                   threads),
      o_weights_(bf16_micro(isa), weights.o, model.hidden, model.query_heads * model.head_width,
                 threads),
      gate_up_weights_(bf16_micro(isa), weights.gate_up, 2 * model.intermediate, model.hidden,
                       threads),
      down_weights_(bf16_micro(isa), weights.down, model.hidden, model.intermediate, threads),
      qkv_(isa, qkv_weights_, threads, batch),
      o_(isa, o_weights_, threads, batch),
      gate_up_(isa, gate_up_weights_, threads, batch),
      down_(isa, down_weights_, threads, batch),
      attention_(isa, threads, model.head_width, model.head_width),
      normed_(size(batch * model.hidden)),
      heads_(size(batch * heads(model) * model.head_width)),
      attended_(size(batch * model.query_heads * model.head_width)),
      projected_(size(batch * model.hidden)),
      inside_(size(batch * 2 * model.intermediate)),
      gated_(size(batch * model.intermediate)) {
  const double half = static_cast<double>(model.head_width) / 2;
  for (double i = 0; i < half; ++i) {
    const double angle = static_cast<double>(length) * std::pow(kRopeBase, -i / half);
    cosines_.push_back(static_cast<float>(std::cos(angle)));
    sines_.push_back(static_cast<float>(std::sin(angle)));
  }
}

void DecoderLayer::place(std::int64_t sequence, Bf16* keys, Bf16* values) {
  const std::int64_t width = model_.head_width;
  Bf16* mine = heads_.data() + sequence * heads(model_) * width;
  const std::int64_t rotated = model_.query_heads + model_.kv_heads;
  for (std::int64_t head = 0; head < rotated; ++head) {
    rows_.rope(mine + head * width, cosines_.data(), sines_.data(), width);
  }
  const std::int64_t row = model_.kv_heads * width;
  const std::int64_t at = (sequence * (length_ + 1) + length_) * row;
  std::copy_n(mine + model_.query_heads * width, row, keys + at);
  std::copy_n(mine + rotated * width, row, values + at);
}

void DecoderLayer::attend(Bf16* keys, Bf16* values) {
  threads_.run(batch_, [&](std::int64_t sequence, int) { place(sequence, keys, values); });
  AttentionShape shape;
  shape.batch = batch_;
  shape.key_length = length_ + 1;
  shape.query_heads = model_.query_heads;
  shape.kv_heads = model_.kv_heads;
  shape.key_width = shape.value_width = model_.head_width;
  auto problems = problems_of(shape, heads_.data(), keys, values, attended_.data());
  // Queries stand beside keys and values in what the product left.
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const auto sequence = static_cast<std::int64_t>(i) / model_.kv_heads;
    problems[i].q += sequence * 2 * model_.kv_heads * model_.head_width;
  }
  attention_.run(problems);
}

void DecoderLayer::run(Bf16* x, Bf16* keys, Bf16* values) {
  const std::int64_t d = model_.hidden, inside = model_.intermediate;
  threads_.run(batch_, [&](std::int64_t i, int) {
    rows_.rms_norm(x + i * d, attention_gain_.data(), d, kEpsilon, normed_.data() + i * d);
  });
  qkv_.run(normed_.data(), batch_, heads_.data());
  attend(keys, values);
  o_.run(attended_.data(), batch_, projected_.data());
  threads_.run(batch_, [&](std::int64_t i, int) {
    rows_.add_rms_norm(x + i * d, projected_.data() + i * d, mlp_gain_.data(), d, kEpsilon,
                       normed_.data() + i * d);
  });
  gate_up_.run(normed_.data(), batch_, inside_.data());
  threads_.run(batch_, [&](std::int64_t i, int) {
    const Bf16* gate = inside_.data() + i * 2 * inside;
    rows_.swiglu(gate, gate + inside, inside, gated_.data() + i * inside);
  });
  down_.run(gated_.data(), batch_, projected_.data());
  for (std::int64_t i = 0; i < batch_ * d; ++i) {
    x[i] = to_bf16(to_float(x[i]) + to_float(projected_[size(i)]));
  }
}

double DecoderLayer::flops(const ModelShape& model, std::int64_t batch, std::int64_t length) {
  const double matrices = minimum_bytes(model, 0, 0) / 2;
  const auto attended = static_cast<double>(model.query_heads * model.head_width);
  return static_cast<double>(batch) *
         (2 * matrices + 4 * static_cast<double>(length + 1) * attended);
}

double DecoderLayer::minimum_bytes(const ModelShape& model, std::int64_t batch,
                                   std::int64_t length) {
  const std::int64_t matrices =
      model.hidden *
      ((heads(model) + model.query_heads) * model.head_width + 3 * model.intermediate);
  const std::int64_t cached = batch * (length + 1) * 2 * model.kv_heads * model.head_width;
  return 2 * static_cast<double>(matrices + cached);
}

std::vector<std::span<const std::byte>> DecoderLayer::weights() const {
  return {qkv_weights_.memory(), o_weights_.memory(), gate_up_weights_.memory(),
          down_weights_.memory()};
}

}  // namespace pingjia::kernels
