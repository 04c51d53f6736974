#include <algorithm>
#include <cmath>

#include "kernels/closeness.h"
#include "kernels/layer/decoder_layer.h"
#include "kernels/measure/family.h"
#include "kernels/measure/function_trial.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

/// A layer, its inputs and caches. The output of a run is the next one's input: x is put back.
struct Made {
  Made(Isa isa, const ModelShape& model, std::int64_t sequences, std::int64_t length,
       Threads& threads)
      : batch(sequences),
        x(sequences * model.hidden * 2),
        out(sequences * model.hidden * 2),
        keys(sequences * (length + 1) * model.kv_heads * model.head_width * 2),
        values(keys.bytes()) {
    fill_normals(x.span<Bf16>(), "layer/x");
    fill_normals(keys.span<Bf16>(), "layer/keys");
    fill_normals(values.span<Bf16>(), "layer/values");
    layer = make(isa, model, length, threads);
    // Another instruction set's layer gives what is expected: each of its ops has a test of its
    // own.
    expected.assign(x.as<Bf16>(), x.as<Bf16>() + sequences * model.hidden);
    const Isa other = isa == Isa::kAvx2 ? Isa::kPortable : std::min(best_isa(), Isa::kAvx2);
    make(other, model, length, threads)->run(expected.data(), keys.as<Bf16>(), values.as<Bf16>());
  }

  std::unique_ptr<DecoderLayer> make(Isa isa, const ModelShape& model, std::int64_t length,
                                     Threads& threads) const {
    const auto matrix = [](std::int64_t rows, std::int64_t columns, const char* stream) {
      std::vector<Bf16> made(static_cast<std::size_t>(rows * columns));
      fill_normals(std::span(made), stream, 1 / std::sqrt(columns));
      return made;
    };
    const std::int64_t width = model.head_width;
    const auto qkv = matrix((model.query_heads + 2 * model.kv_heads) * width, model.hidden, "qkv");
    const auto o = matrix(model.hidden, model.query_heads * width, "o");
    const auto gate_up = matrix(2 * model.intermediate, model.hidden, "gate_up");
    const auto down = matrix(model.hidden, model.intermediate, "down");
    const auto gain = matrix(model.hidden, 1, "gain");
    return std::make_unique<DecoderLayer>(
        isa, model,
        DecoderWeights{qkv.data(), o.data(), gate_up.data(), down.data(), gain.data(), gain.data()},
        batch, length, threads);
  }

  void run() {
    std::copy_n(x.as<Bf16>(), x.bytes() / 2, out.as<Bf16>());
    layer->run(out.as<Bf16>(), keys.as<Bf16>(), values.as<Bf16>());
  }

  std::optional<std::string> check() {
    if (!out.is_intact() || !keys.is_intact() || !values.is_intact()) {
      return "wrote beside its buffers";
    }
    std::vector<float> actual;
    std::vector<double> wanted;
    for (const Bf16 value : out.span<Bf16>()) actual.push_back(to_float(value));
    for (const Bf16 value : expected) wanted.push_back(static_cast<double>(to_float(value)));
    // Nine roundings to bf16 follow each other.
    return difference_over(actual, wanted, 3 * kBf16Tolerance);
  }

  std::int64_t batch;
  Guarded x, out, keys, values;
  std::vector<Bf16> expected;
  std::unique_ptr<DecoderLayer> layer;
};

std::unique_ptr<Trial> trial_of(Isa isa, const ModelShape& model, std::int64_t batch,
                                std::int64_t length, Threads& threads) {
  const auto made = std::make_shared<Made>(isa, model, batch, length, threads);
  return std::make_unique<FunctionTrial>(TrialFunctions{.run = [made] { made->run(); },
                                                        .check = [made] { return made->check(); },
                                                        .operands =
                                                            [made] {
                                                              auto memory = made->layer->weights();
                                                              memory.push_back(made->keys.memory());
                                                              memory.push_back(
                                                                  made->values.memory());
                                                              return memory;
                                                            }});
}

std::vector<Case> cases_of(const ModelShape& model) {
  constexpr std::int64_t kLength = 2048;
  std::vector<Case> cases;
  if (model.moe || model.mla || !model.gated) return cases;
  for (const std::int64_t batch : {1, 8}) {
    for (const Isa isa : {Isa::kAmx, Isa::kAvx512, Isa::kAvx2}) {
      if (!is_here(isa)) continue;
      Case wanted;
      wanted.row.op = "layer/decode_step";
      wanted.row.type = "bf16";
      wanted.row.model = model.name;
      wanted.row.shape = {{"batch", batch}, {"key_length", kLength}};
      wanted.row.implementation = "pingjia " + std::string(name(isa));
      wanted.row.ours = true;
      wanted.row.flops = DecoderLayer::flops(model, batch, kLength);
      wanted.row.bytes = DecoderLayer::minimum_bytes(model, batch, kLength);
      wanted.memory_bytes = 3 * wanted.row.bytes;
      wanted.cache = "cold";
      wanted.prepare = [isa, model, batch](Threads& threads) {
        return trial_of(isa, model, batch, kLength, threads);
      };
      cases.push_back(wanted);
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"layer/decode_step", cases_of});

}  // namespace
}  // namespace pingjia::kernels
