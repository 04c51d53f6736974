#include "kernels/attention/ragged_trial.h"

#include <algorithm>
#include <numeric>

#include "kernels/attention/attention_trial.h"
#include "kernels/attention/flash.h"
#include "kernels/compare/attentions.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

using Lengths = std::vector<std::int64_t>;

AttentionShape of_length(AttentionShape shape, std::int64_t length) {
  shape.query_length = shape.key_length = length;
  shape.causal = true;
  return shape;
}

/// One sequence of the batch, and where it stands in the tensors.
struct Sequence {
  AttentionShape shape;
  const Bf16* q;
  const Bf16* k;
  const Bf16* v;
  Bf16* out;
};

/// The whole batch, ready to run.
using RaggedCall = std::function<void()>;
using RaggedMaker = std::function<RaggedCall(const std::vector<Sequence>&, Threads&)>;

RaggedMaker in_one_call(Isa isa) {
  return [isa](const std::vector<Sequence>& sequences, Threads& threads) -> RaggedCall {
    const AttentionShape& shape = sequences.front().shape;
    auto flash = std::make_shared<FlashAttention>(isa, threads, shape.key_width, shape.value_width);
    return [flash, sequences] {
      std::vector<AttentionProblem> problems;
      for (const Sequence& one : sequences) {
        const auto more = problems_of(one.shape, one.q, one.k, one.v, one.out);
        problems.insert(problems.end(), more.begin(), more.end());
      }
      flash->run(problems);
    };
  };
}

RaggedMaker one_by_one(const AttentionMaker& maker) {
  return [maker](const std::vector<Sequence>& sequences, Threads& threads) -> RaggedCall {
    std::vector<std::shared_ptr<AttentionCall>> calls;
    for (const Sequence& one : sequences) calls.push_back(maker.make(one.shape, threads));
    return [calls, sequences] {
      for (std::size_t i = 0; i < calls.size(); ++i) {
        const Sequence& one = sequences[i];
        calls[i]->run(one.q, one.k, one.v, one.out);
      }
    };
  };
}

class RaggedTrial final : public Trial {
 public:
  RaggedTrial(const AttentionShape& whole, const Lengths& lengths, const RaggedMaker& make,
              Threads& threads)
      : q_(whole.query_elements() * 2),
        k_(whole.key_elements() * 2),
        v_(whole.value_elements() * 2),
        out_(whole.output_elements() * 2) {
    fill_normals(q_.span<Bf16>(), "ragged/q");
    fill_normals(k_.span<Bf16>(), "ragged/k");
    fill_normals(v_.span<Bf16>(), "ragged/v");
    const Bf16* q = q_.as<Bf16>();
    const Bf16* k = k_.as<Bf16>();
    const Bf16* v = v_.as<Bf16>();
    Bf16* out = out_.as<Bf16>();
    for (const std::int64_t length : lengths) {
      const AttentionShape one = of_length(whole, length);
      sequences_.push_back({one, q, k, v, out});
      q += one.query_elements(), k += one.key_elements(), v += one.value_elements();
      out += one.output_elements();
    }
    call_ = make(sequences_, threads);
  }

  void run() override { call_(); }

  std::optional<std::string> check() override {
    if (!q_.is_intact() || !k_.is_intact() || !v_.is_intact() || !out_.is_intact()) {
      return "wrote beside its buffers";
    }
    for (const Sequence& one : sequences_) {
      const auto count = static_cast<std::size_t>(one.shape.output_elements());
      if (auto fault = attention_fault(one.shape, one.q, one.k, one.v, {one.out, count})) {
        return fault;
      }
    }
    return std::nullopt;
  }

  std::vector<std::span<const std::byte>> operands() const override {
    return {q_.memory(), k_.memory(), v_.memory()};
  }

 private:
  Guarded q_, k_, v_, out_;
  std::vector<Sequence> sequences_;
  RaggedCall call_;
};

Case case_of(const std::string& model, const AttentionShape& one, const Lengths& lengths,
             const RaggedMaker& make) {
  const AttentionShape whole =
      of_length(one, std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}));
  Case wanted;
  wanted.row.op = "attention/varlen_prefill";
  wanted.row.type = "bf16";
  wanted.row.model = model;
  wanted.row.shape = {{"sequences", std::ssize(lengths)},
                      {"tokens", whole.query_length},
                      {"longest", *std::max_element(lengths.begin(), lengths.end())},
                      {"query_heads", one.query_heads},
                      {"kv_heads", one.kv_heads},
                      {"key_width", one.key_width},
                      {"value_width", one.value_width}};
  for (const std::int64_t length : lengths) wanted.row.flops += of_length(one, length).flops();
  wanted.row.bytes = whole.minimum_bytes(sizeof(Bf16));
  // The tensors, and once more as the implementation packs them.
  wanted.memory_bytes = 2 * wanted.row.bytes;
  wanted.prepare = [whole, lengths, make](Threads& threads) {
    return std::make_unique<RaggedTrial>(whole, lengths, make, threads);
  };
  return wanted;
}

}  // namespace

std::vector<Case> ragged_cases(const std::string& model, const AttentionShape& one,
                               const Lengths& lengths) {
  std::vector<Case> cases;
  for (const Isa isa : {Isa::kAmx, Isa::kAvx512, Isa::kAvx2, Isa::kPortable}) {
    if (!is_here(isa)) continue;
    Case ours = case_of(model, one, lengths, in_one_call(isa));
    ours.row.implementation = "pingjia " + std::string(name(isa));
    ours.row.ours = true;
    cases.push_back(ours);
  }
  for (const AttentionMaker& maker : other_attentions(of_length(one, lengths.front()))) {
    Case other = case_of(model, one, lengths, one_by_one(maker));
    other.row.implementation = maker.implementation;
    other.absent = maker.absent;
    cases.push_back(other);
  }
  return cases;
}

}  // namespace pingjia::kernels
