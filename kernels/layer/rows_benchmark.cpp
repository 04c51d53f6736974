#include <algorithm>
#include <cmath>

#include "kernels/closeness.h"
#include "kernels/layer/layer_rows.h"
#include "kernels/layer/row_reference.h"
#include "kernels/layer/sampling.h"
#include "kernels/measure/family.h"
#include "kernels/measure/function_trial.h"
#include "kernels/measure/guarded.h"

namespace pingjia::kernels {
namespace {

constexpr std::int64_t kTokens = 512;
constexpr float kEpsilon = 1e-5F;

double wide(Bf16 value) {
  return static_cast<double>(to_float(value));
}

/// Rows of `width` in, rows of `out_width` out, with what else the op reads.
struct Rows {
  Rows(std::int64_t in_width, std::int64_t result_width, int result_bytes)
      : width(in_width),
        out_width(result_width),
        x(kTokens * in_width * 2),
        extra(kTokens * in_width * 2),
        out(kTokens * result_width * result_bytes),
        scales(kTokens * in_width * 4) {
    fill_normals(x.span<Bf16>(), "rows/x");
    fill_normals(extra.span<Bf16>(), "rows/extra");
  }
  const Bf16* row(std::int64_t token) const { return x.as<Bf16>() + token * width; }

  std::int64_t width, out_width;
  Guarded x, extra, out, scales;
};

using RowWork = std::function<void(Rows&, std::int64_t token)>;
/// The outputs of one token as numbers, and what they should be.
using RowCheck =
    std::function<void(const Rows&, std::int64_t token, std::vector<float>&, std::vector<double>&)>;

std::unique_ptr<Trial> trial_of(const std::shared_ptr<Rows>& rows, const RowWork& work,
                                const RowCheck& expect, Threads& threads) {
  return std::make_unique<FunctionTrial>(TrialFunctions{
      .run =
          [rows, work, &threads] {
            constexpr std::int64_t kPiece = 16;
            threads.run(kTokens / kPiece, [&](std::int64_t piece, int) {
              for (std::int64_t i = 0; i < kPiece; ++i) work(*rows, piece * kPiece + i);
            });
          },
      .check = [rows, expect]() -> std::optional<std::string> {
        if (!rows->out.is_intact() || !rows->scales.is_intact()) return "wrote beside its buffers";
        std::vector<float> actual;
        std::vector<double> expected;
        for (const std::int64_t token : {std::int64_t{0}, kTokens / 2, kTokens - 1}) {
          expect(*rows, token, actual, expected);
        }
        return difference_over(actual, expected, kBf16Tolerance);
      },
      .operands = [rows]() -> std::vector<std::span<const std::byte>> {
        return {rows->x.memory(), rows->extra.memory()};
      }});
}

/// A token's row of outputs, as numbers.
void add_outputs(const Rows& rows, std::int64_t token, std::vector<float>& actual) {
  for (std::int64_t i = 0; i < rows.out_width; ++i) {
    actual.push_back(to_float(rows.out.as<Bf16>()[token * rows.out_width + i]));
  }
}

void add(const std::vector<double>& row, std::vector<double>& expected) {
  expected.insert(expected.end(), row.begin(), row.end());
}

std::span<const Bf16> row_of(const Guarded& tensor, std::int64_t index, std::int64_t width) {
  return {tensor.as<Bf16>() + index * width, static_cast<std::size_t>(width)};
}

void expect_rms_norm(const Rows& rows, std::int64_t token, std::vector<float>& actual,
                     std::vector<double>& expected) {
  add_outputs(rows, token, actual);
  add(rms_norm_reference(row_of(rows.x, token, rows.width), row_of(rows.extra, 0, rows.width),
                         static_cast<double>(kEpsilon)),
      expected);
}

void expect_swiglu(const Rows& rows, std::int64_t token, std::vector<float>& actual,
                   std::vector<double>& expected) {
  add_outputs(rows, token, actual);
  add(swiglu_reference(row_of(rows.x, token, rows.width), row_of(rows.extra, token, rows.width)),
      expected);
}

constexpr std::int64_t kGroup = 128;

void expect_quantized(const Rows& rows, std::int64_t token, std::vector<float>& actual,
                      std::vector<double>& expected) {
  for (std::int64_t i = 0; i < rows.width; ++i) {
    const float scale = rows.scales.as<float>()[(token * rows.width + i) / kGroup];
    actual.push_back(static_cast<float>(rows.out.as<std::int8_t>()[token * rows.width + i]) *
                     scale);
    expected.push_back(wide(rows.row(token)[i]));
  }
}

/// bytes: what a token's row moves at least.
Case case_of(const std::string& op, const ModelShape& model, std::int64_t width, double bytes,
             Isa isa, std::function<std::unique_ptr<Trial>(Threads&)> prepare) {
  Case wanted;
  wanted.row.op = "layer/" + op;
  wanted.row.type = "bf16";
  wanted.row.model = model.name;
  wanted.row.shape = {{"tokens", kTokens}, {"width", width}};
  wanted.row.implementation = "pingjia " + std::string(name(isa));
  wanted.row.ours = true;
  wanted.row.bytes = bytes * kTokens;
  wanted.cache = "hot";
  wanted.prepare = std::move(prepare);
  return wanted;
}

Case rms_norm_case(const ModelShape& model, Isa isa) {
  const std::int64_t d = model.hidden;
  return case_of("rms_norm", model, d, 4.0 * static_cast<double>(d), isa,
                 [d, isa](Threads& threads) {
                   return trial_of(
                       std::make_shared<Rows>(d, d, 2),
                       [isa, d](Rows& rows, std::int64_t token) {
                         layer_rows(isa).rms_norm(rows.row(token), rows.extra.as<Bf16>(), d,
                                                  kEpsilon, rows.out.as<Bf16>() + token * d);
                       },
                       expect_rms_norm, threads);
                 });
}

Case swiglu_case(const ModelShape& model, Isa isa) {
  const std::int64_t inside = model.moe ? model.moe->intermediate : model.intermediate;
  return case_of("swiglu", model, inside, 6.0 * static_cast<double>(inside), isa,
                 [inside, isa](Threads& threads) {
                   return trial_of(
                       std::make_shared<Rows>(inside, inside, 2),
                       [isa, inside](Rows& rows, std::int64_t token) {
                         layer_rows(isa).swiglu(rows.row(token),
                                                rows.extra.as<Bf16>() + token * inside, inside,
                                                rows.out.as<Bf16>() + token * inside);
                       },
                       expect_swiglu, threads);
                 });
}

/// Groups of 128, the last of a row maybe shorter: rows are quantized as one line of groups.
Case quantize_case(const ModelShape& model, Isa isa) {
  const std::int64_t d = model.hidden / kGroup * kGroup;
  const double bytes = 3.0 * static_cast<double>(d) + 4.0 * static_cast<double>(d / kGroup);
  return case_of("quantize_int8", model, d, bytes, isa, [d, isa](Threads& threads) {
    return trial_of(
        std::make_shared<Rows>(d, d, 1),
        [isa, d](Rows& rows, std::int64_t token) {
          for (std::int64_t at = token * d; at < (token + 1) * d; at += kGroup) {
            layer_rows(isa).quantize(rows.x.as<Bf16>() + at, kGroup,
                                     rows.out.as<std::int8_t>() + at,
                                     rows.scales.as<float>() + at / kGroup);
          }
        },
        expect_quantized, threads);
  });
}

/// The angles of one position; their values do not change the work.
const std::vector<float>& angles(bool sines) {
  static const auto make = [](double shift) {
    std::vector<float> made;
    for (int i = 0; i < 256; ++i) made.push_back(static_cast<float>(std::sin(0.1 * i + shift)));
    return made;
  };
  constexpr double kQuarter = 1.5707963267948966;
  static const std::vector<float> sine = make(0), cosine = make(kQuarter);
  return sines ? sine : cosine;
}

void expect_rope(const Rows& rows, std::int64_t token, std::vector<float>& actual,
                 std::vector<double>& expected, std::int64_t width) {
  add_outputs(rows, token, actual);
  const std::int64_t heads = rows.width / width;
  for (std::int64_t head = 0; head < heads; ++head) {
    add(rope_reference(row_of(rows.x, token * heads + head, width), angles(false), angles(true)),
        expected);
  }
}

/// A token's new keys, rotated on their way to the cache: RoPE and the write of one of two caches.
Case rope_case(const ModelShape& model, Isa isa) {
  const std::int64_t head = model.mla ? model.mla->rope : model.head_width;
  const std::int64_t width = model.mla ? head : model.kv_heads * head;
  return case_of("rope_kv_write", model, width, 4.0 * static_cast<double>(width), isa,
                 [head, width, isa](Threads& threads) {
                   return trial_of(
                       std::make_shared<Rows>(width, width, 2),
                       [isa, head, width](Rows& rows, std::int64_t token) {
                         Bf16* to = rows.out.as<Bf16>() + token * width;
                         std::copy_n(rows.row(token), width, to);
                         for (std::int64_t at = 0; at < width; at += head) {
                           layer_rows(isa).rope(to + at, angles(false).data(), angles(true).data(),
                                                head);
                         }
                       },
                       [head](const Rows& rows, std::int64_t token, std::vector<float>& actual,
                              std::vector<double>& expected) {
                         expect_rope(rows, token, actual, expected, head);
                       },
                       threads);
                 });
}

/// Eight sequences draw a token each from the whole vocabulary.
Case sample_case(const ModelShape& model) {
  constexpr std::int64_t kSequences = 8;
  const std::int64_t vocabulary = model.vocabulary;
  Case wanted = case_of("sample_top_k", model, vocabulary, 0, Isa::kPortable, nullptr);
  wanted.row.type = "fp32";
  wanted.row.shape = {{"batch", kSequences}, {"vocabulary", vocabulary}, {"top_k", 40}};
  wanted.row.implementation = "pingjia";
  wanted.row.bytes = 4.0 * kSequences * static_cast<double>(vocabulary);
  wanted.prepare = [vocabulary](Threads& threads) {
    struct Drawn {
      Guarded logits;
      std::vector<std::int32_t> tokens;
    };
    const auto drawn = std::make_shared<Drawn>();
    drawn->logits = Guarded(kSequences * vocabulary * 4);
    drawn->tokens.resize(kSequences);
    fill_normals(drawn->logits.span<float>(), "sample/logits", 2);
    const auto mine = [drawn, vocabulary](std::int64_t i) {
      return drawn->logits.span<float>().subspan(static_cast<std::size_t>(i * vocabulary),
                                                 static_cast<std::size_t>(vocabulary));
    };
    return std::make_unique<FunctionTrial>(TrialFunctions{
        .run =
            [drawn, mine, &threads] {
              threads.run(kSequences, [&](std::int64_t i, int) {
                const SamplingRule rule{.temperature = 0.7F, .top_k = 40, .top_p = 0.95F};
                drawn->tokens[static_cast<std::size_t>(i)] = sample_token(mine(i), rule, 0.5);
              });
            },
        .check = [drawn, mine]() -> std::optional<std::string> {
          for (std::int64_t i = 0; i < kSequences; ++i) {
            const auto logits = mine(i);
            const float got =
                logits[static_cast<std::size_t>(drawn->tokens[static_cast<std::size_t>(i)])];
            const auto above = std::count_if(logits.begin(), logits.end(),
                                             [got](float logit) { return logit > got; });
            if (above >= 40) return "drew a token that is not among the 40 most likely";
          }
          return std::nullopt;
        },
        .operands = [drawn]() -> std::vector<std::span<const std::byte>> {
          return {drawn->logits.memory()};
        }});
  };
  return wanted;
}

std::vector<Case> cases_of(const ModelShape& model) {
  std::vector<Case> cases;
  for (const Isa isa : {Isa::kAmx, Isa::kAvx512, Isa::kAvx2, Isa::kPortable}) {
    if (!is_here(isa)) continue;
    cases.push_back(rms_norm_case(model, isa));
    cases.push_back(swiglu_case(model, isa));
    cases.push_back(quantize_case(model, isa));
    cases.push_back(rope_case(model, isa));
  }
  cases.push_back(sample_case(model));
  return cases;
}

[[maybe_unused]] const bool kAdded = add_family({"layer/rows", cases_of});

}  // namespace
}  // namespace pingjia::kernels
