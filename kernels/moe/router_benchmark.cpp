#include <cmath>

#include "kernels/measure/family.h"
#include "kernels/measure/function_trial.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/router.h"

namespace pingjia::kernels {
namespace {

/// Inputs and outputs of one router, and the router.
struct Made {
  Made(Isa isa, const RouterShape& of, Threads& threads)
      : shape(of),
        weights(of.experts * of.hidden * 2),
        x(of.tokens * of.hidden * 2),
        bias(of.experts * 4),
        chosen(of.tokens * of.top_k * 4),
        factors(of.tokens * of.top_k * 4) {
    fill_normals(weights.span<Bf16>(), "router/weights", 1 / std::sqrt(of.hidden));
    fill_normals(x.span<Bf16>(), "router/x");
    fill_normals(bias.span<float>(), "router/bias", 0.01);
    router.emplace(isa, of, weights.as<Bf16>(), of.sigmoid ? bias.as<float>() : nullptr, threads);
  }

  /// Every weight of the chosen again, from logits in double precision: which experts were chosen
  /// is a matter of rounding where two are close, what a chosen one weighs is not.
  std::optional<std::string> check() const {
    if (!chosen.is_intact() || !factors.is_intact()) return "wrote beside its buffers";
    for (const std::int64_t token : {std::int64_t{0}, shape.tokens - 1}) {
      const std::int32_t* experts = chosen.as<std::int32_t>() + token * shape.top_k;
      const float* mine = factors.as<float>() + token * shape.top_k;
      std::vector<double> scores = scores_of(token);
      double sum = 0;
      for (std::int64_t i = 0; i < shape.top_k; ++i) {
        if (experts[i] < 0 || experts[i] >= shape.experts) return "chose an expert that is none";
        sum += scores[static_cast<std::size_t>(experts[i])];
      }
      for (std::int64_t i = 0; i < shape.top_k; ++i) {
        const double expected =
            scores[static_cast<std::size_t>(experts[i])] / sum * static_cast<double>(shape.scale);
        if (!(std::abs(static_cast<double>(mine[i]) - expected) <= 0.01)) {
          return "weighs an expert differently";
        }
      }
    }
    return std::nullopt;
  }

  std::vector<double> scores_of(std::int64_t token) const {
    std::vector<double> scores;
    for (std::int64_t expert = 0; expert < shape.experts; ++expert) {
      double logit = 0;
      for (std::int64_t i = 0; i < shape.hidden; ++i) {
        logit += static_cast<double>(to_float(x.as<Bf16>()[token * shape.hidden + i])) *
                 static_cast<double>(to_float(weights.as<Bf16>()[expert * shape.hidden + i]));
      }
      scores.push_back(shape.sigmoid ? 1 / (1 + std::exp(-logit)) : std::exp(logit));
    }
    return scores;
  }

  RouterShape shape;
  Guarded weights, x, bias, chosen, factors;
  std::optional<Router> router;
};

std::unique_ptr<Trial> trial_of(Isa isa, const RouterShape& shape, Threads& threads) {
  const auto made = std::make_shared<Made>(isa, shape, threads);
  return std::make_unique<FunctionTrial>(
      TrialFunctions{.run =
                         [made] {
                           made->router->run(made->x.as<Bf16>(), made->chosen.as<std::int32_t>(),
                                             made->factors.as<float>());
                         },
                     .check = [made] { return made->check(); },
                     .operands = [made]() -> std::vector<std::span<const std::byte>> {
                       return {made->router->packed().memory(), made->x.memory()};
                     }});
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  if (!model.moe) return cases;
  for (const std::int64_t tokens : {1, 512}) {
    const RouterShape shape{.tokens = tokens,
                            .hidden = model.hidden,
                            .experts = model.moe->experts,
                            .top_k = model.moe->top_k,
                            .sigmoid = model.moe->scoring == Moe::Scoring::kSigmoid,
                            .groups = model.moe->groups,
                            .top_groups = model.moe->top_groups,
                            .scale = static_cast<float>(model.moe->scale)};
    for (const Isa isa : {Isa::kAmx, Isa::kAvx512, Isa::kAvx2, Isa::kPortable}) {
      if (!is_here(isa)) continue;
      Case wanted;
      wanted.row.op = "moe/router";
      wanted.row.type = "bf16";
      wanted.row.model = model.name;
      wanted.row.shape = {{"tokens", tokens},
                          {"hidden", shape.hidden},
                          {"experts", shape.experts},
                          {"top_k", shape.top_k}};
      wanted.row.implementation = "pingjia " + std::string(name(isa));
      wanted.row.ours = true;
      wanted.row.flops = shape.flops();
      wanted.row.bytes = shape.minimum_bytes();
      wanted.cache = tokens <= 64 ? "cold" : "hot";
      wanted.prepare = [isa, shape](Threads& threads) { return trial_of(isa, shape, threads); };
      cases.push_back(wanted);
    }
  }
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"moe/router", cases_of});

}  // namespace
}  // namespace pingjia::kernels
