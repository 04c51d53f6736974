#include <gtest/gtest.h>

#include <cmath>

#include "kernels/attention/reference.h"
#include "kernels/closeness.h"
#include "kernels/compare/attentions.h"
#include "kernels/compare/blas/makers.h"
#include "kernels/compare/moe_layers.h"
#include "kernels/compare/products.h"
#include "kernels/measure/guarded.h"
#include "kernels/moe/reference.h"
#include "kernels/moe/routing.h"

namespace pingjia::kernels {
namespace {

float widen(float v) {
  return v;
}
float widen(Bf16 v) {
  return to_float(v);
}

template <class To, class T>
std::vector<To> widened(std::span<const T> values) {
  std::vector<To> out;
  for (const T value : values) out.push_back(static_cast<To>(widen(value)));
  return out;
}

template <class T>
void check(const ProductMaker<T>& maker, const GemmShape& s, Threads& threads, double tolerance) {
  Guarded a(s.rows * s.k * std::int64_t{sizeof(T)}), w(s.columns * s.k * std::int64_t{sizeof(T)});
  Guarded out(s.rows * s.columns * std::int64_t{sizeof(T)});
  fill_normals(a.span<T>(), "a");
  fill_normals(w.span<T>(), "w");
  maker.make(s, w.as<T>(), threads)->run(a.as<T>(), out.as<T>());
  std::vector<double> expected(static_cast<std::size_t>(s.rows * s.columns));
  for (std::int64_t i = 0; i < s.rows * s.columns * s.k; ++i) {
    const std::int64_t cell = i / s.k, l = i % s.k;
    expected[static_cast<std::size_t>(cell)] +=
        static_cast<double>(widen(a.as<T>()[cell / s.columns * s.k + l])) *
        static_cast<double>(widen(w.as<T>()[cell % s.columns * s.k + l]));
  }
  const auto wrong = difference_over(widened<float, T>(out.span<T>()), expected, tolerance);
  EXPECT_FALSE(wrong) << maker.implementation << " rows " << s.rows << ": " << wrong.value_or("");
  EXPECT_TRUE(out.is_intact());
}

const GemmShape kShapes[] = {{1, 1, 1}, {1, 40, 33}, {33, 31, 65}, {2, 700, 3}};

TEST(OtherProducts, EqualTheDefinition) {
  Threads threads(2);
  for (const GemmShape& shape : kShapes) {
    for (const auto& maker : other_bf16_products()) {
      if (maker.absent.empty()) check(maker, shape, threads, kBf16Tolerance);
    }
    for (const auto& maker : other_fp32_products()) {
      if (maker.absent.empty()) check(maker, shape, threads, kFp32Tolerance);
    }
  }
}

TEST(OtherProducts, SayWhatIsMissing) {
  EXPECT_EQ(openblas_product("/no/libopenblas.so").absent,
            "/no/libopenblas.so is not installed (apt-get install libopenblas0-pthread)");
  EXPECT_EQ(blis_product("/no/libblis.so").absent,
            "/no/libblis.so is not installed (apt-get install libblis4-pthread)");
}

TEST(OtherAttentions, EqualTheDefinition) {
  Threads threads(2);
  for (const AttentionShape& s :
       {AttentionShape{2, 1, 37, 8, 2, 32, 32, true}, AttentionShape{1, 33, 33, 6, 3, 64, 64, true},
        AttentionShape{1, 5, 19, 4, 4, 32, 32, false}}) {
    Guarded q(s.query_elements() * 2), k(s.key_elements() * 2), v(s.value_elements() * 2);
    fill_normals(q.span<Bf16>(), "q");
    fill_normals(k.span<Bf16>(), "k");
    fill_normals(v.span<Bf16>(), "v");
    std::vector<double> expected(static_cast<std::size_t>(s.output_elements()));
    const auto qd = widened<double, Bf16>(q.span<Bf16>()),
               kd = widened<double, Bf16>(k.span<Bf16>()),
               vd = widened<double, Bf16>(v.span<Bf16>());
    attention_reference<double>(s, qd, kd, vd, expected);
    for (const auto& maker : other_attentions(s)) {
      if (!maker.absent.empty()) continue;
      Guarded out(s.output_elements() * 2);
      maker.make(s, threads)->run(q.as<Bf16>(), k.as<Bf16>(), v.as<Bf16>(), out.as<Bf16>());
      const auto wrong =
          difference_over(widened<float, Bf16>(out.span<Bf16>()), expected, kBf16Tolerance);
      EXPECT_FALSE(wrong) << maker.implementation << ": " << wrong.value_or("");
      EXPECT_TRUE(out.is_intact());
    }
  }
}

TEST(OtherMoeLayers, EqualTheDefinition) {
  Threads threads(2);
  for (const MoeShape& s : {MoeShape{9, 64, 32, 6, 2}, MoeShape{1, 40, 48, 5, 1}}) {
    const std::int64_t size = s.experts * s.intermediate * s.hidden;
    Guarded gate_up(4 * size), down(2 * size), x(s.tokens * s.hidden * 2);
    fill_normals(gate_up.span<Bf16>(), "gate_up", 1 / std::sqrt(s.hidden));
    fill_normals(down.span<Bf16>(), "down", 1 / std::sqrt(s.intermediate));
    fill_normals(x.span<Bf16>(), "x");
    const MoeWeights weights{gate_up.as<Bf16>(), down.as<Bf16>()};
    const MadeRouting routing = make_routing(s, 1.2, "routing");
    std::vector<double> expected(static_cast<std::size_t>(s.tokens * s.hidden));
    moe_reference(s, weights, x.as<Bf16>(), routing.view(), 0, s.tokens, expected.data());
    for (const MoeMaker& maker : other_moe_layers()) {
      if (!maker.absent.empty()) continue;
      Guarded out(s.tokens * s.hidden * 2);
      maker.make(s, weights, threads)->run(x.as<Bf16>(), routing.view(), out.as<Bf16>());
      const auto wrong =
          difference_over(widened<float, Bf16>(out.span<Bf16>()), expected, kBf16Tolerance);
      EXPECT_FALSE(wrong) << maker.implementation << ": " << wrong.value_or("");
    }
  }
}

}  // namespace
}  // namespace pingjia::kernels
