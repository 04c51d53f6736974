#include <algorithm>

#include "kernels/layer/decoder_trial.h"
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
    return std::make_unique<DecoderLayer>(isa, model, MadeDecoderWeights(model).view(), batch,
                                          length, threads);
  }

  void run() {
    std::copy_n(x.as<Bf16>(), x.bytes() / 2, out.as<Bf16>());
    layer->run(out.as<Bf16>(), keys.as<Bf16>(), values.as<Bf16>());
  }

  std::optional<std::string> check() {
    if (!out.is_intact() || !keys.is_intact() || !values.is_intact()) {
      return "wrote beside its buffers";
    }
    return decoder_fault(out.span<Bf16>(), expected);
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
      Case wanted = decoder_case(model, batch, kLength);
      wanted.row.implementation = "pingjia " + std::string(name(isa));
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
