#include <algorithm>

#include "kernels/layer/sampling.h"
#include "kernels/layer/sampling_cuda.h"
#include "kernels/measure/cuda/device_trial.h"
#include "kernels/measure/family.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr int kSequences = 8;

class SampleTrial final : public DeviceTrial {
 public:
  SampleTrial(std::int64_t vocabulary, const SamplingRule& rule)
      : DeviceTrial(kSequences * vocabulary * 4),
        vocabulary_(vocabulary),
        rule_(rule),
        host_logits_(kSequences * vocabulary * 4),
        uniforms_(on_device(std::vector<double>(kSequences, kUniform))),
        tokens_(kSequences * 4),
        scratch_(4 * std::max<std::int64_t>(1, sample_scratch(call()))) {
    fill_normals(host_logits_.span<float>(), "sample/logits", 2);
    logits_ = Rotating(host_logits_.memory(), copies());
  }

  std::optional<std::string> check() override {
    if (!tokens_.is_intact() || !scratch_.is_intact()) return "wrote beside its buffers";
    const std::vector<int> tokens = on_host<int>(tokens_);
    for (int i = 0; i < kSequences; ++i) {
      const auto logits = host_logits_.span<float>().subspan(
          static_cast<std::size_t>(i * vocabulary_), static_cast<std::size_t>(vocabulary_));
      if (tokens[static_cast<std::size_t>(i)] != sample_token(logits, rule_, kUniform)) {
        return "drew another token than the processor";
      }
    }
    return std::nullopt;
  }

 private:
  static constexpr double kUniform = 0.5;

  SampleCall call() const {
    return {.uniforms = uniforms_.as<double>(),
            .tokens = tokens_.as<int>(),
            .scratch = scratch_.as<int>(),
            .rows = kSequences,
            .vocabulary = static_cast<int>(vocabulary_),
            .temperature = rule_.temperature,
            .top_k = static_cast<int>(rule_.top_k),
            .top_p = rule_.top_p};
  }
  void enqueue(int copy, Stream stream) override {
    SampleCall now = call();
    now.logits = logits_.as<float>(copy);
    sample_tokens(now, stream);
  }

  std::int64_t vocabulary_;
  SamplingRule rule_;
  Guarded host_logits_;
  Rotating logits_;
  Memory uniforms_, tokens_, scratch_;
};

/// As on the processor: eight sequences draw a token each from the whole vocabulary.
std::vector<Case> cases_of(const ModelShape& model) {
  constexpr SamplingRule kRule{.temperature = 0.7F, .top_k = 40, .top_p = 0.95F};
  const std::int64_t vocabulary = model.vocabulary;
  Case wanted;
  wanted.row.op = "layer/sample_top_k";
  wanted.row.type = "fp32";
  wanted.row.model = model.name;
  wanted.row.shape = {{"batch", kSequences}, {"vocabulary", vocabulary}, {"top_k", kRule.top_k}};
  wanted.row.implementation = "pingjia sm_80";
  wanted.row.ours = true;
  wanted.row.bytes = 4.0 * kSequences * static_cast<double>(vocabulary);
  wanted.memory_bytes = wanted.row.bytes;
  wanted.prepare = [vocabulary, kRule](Threads&) {
    return std::make_unique<SampleTrial>(vocabulary, kRule);
  };
  return {wanted};
}

[[maybe_unused]] const bool kAdded =
    add_family({.op = "layer/sample_top_k", .cases = cases_of, .device = "cuda"});

}  // namespace
}  // namespace pingjia::kernels::cuda
