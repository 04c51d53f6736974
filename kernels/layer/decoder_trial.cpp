#include "kernels/layer/decoder_trial.h"

#include <cmath>

#include "kernels/closeness.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

std::vector<Bf16> matrix(std::int64_t rows, std::int64_t columns, const char* stream) {
  std::vector<Bf16> made(static_cast<std::size_t>(rows * columns));
  fill_normals(std::span(made), stream, 1 / std::sqrt(columns));
  return made;
}

}  // namespace

MadeDecoderWeights::MadeDecoderWeights(const ModelShape& model)
    : qkv(matrix((model.query_heads + 2 * model.kv_heads) * model.head_width, model.hidden, "qkv")),
      o(matrix(model.hidden, model.query_heads * model.head_width, "o")),
      gate_up(matrix(2 * model.intermediate, model.hidden, "gate_up")),
      down(matrix(model.hidden, model.intermediate, "down")),
      gain(matrix(model.hidden, 1, "gain")) {}

DecoderWeights MadeDecoderWeights::view() const {
  return {qkv.data(), o.data(), gate_up.data(), down.data(), gain.data(), gain.data()};
}

Case decoder_case(const ModelShape& model, std::int64_t batch, std::int64_t length) {
  Case wanted;
  wanted.row.op = "layer/decode_step";
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"batch", batch}, {"key_length", length}};
  wanted.row.ours = true;
  wanted.row.flops = DecoderLayer::flops(model, batch, length);
  wanted.row.bytes = DecoderLayer::minimum_bytes(model, batch, length);
  wanted.memory_bytes = 3 * wanted.row.bytes;
  wanted.cache = "cold";
  return wanted;
}

std::optional<std::string> decoder_fault(std::span<const Bf16> out,
                                         std::span<const Bf16> expected) {
  std::vector<float> actual;
  std::vector<double> wanted;
  for (const Bf16 value : out) actual.push_back(to_float(value));
  for (const Bf16 value : expected) wanted.push_back(static_cast<double>(to_float(value)));
  // Nine roundings to bf16 follow each other.
  return difference_over(actual, wanted, 3 * kBf16Tolerance);
}

}  // namespace pingjia::kernels
