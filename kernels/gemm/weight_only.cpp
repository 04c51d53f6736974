#include "kernels/gemm/weight_only.h"

#include <algorithm>

#include "kernels/gemm/quantized_weights.h"
#include "kernels/gemm/weight_rows.h"

namespace pingjia::kernels {
namespace {

constexpr int kColumns = QuantizedWeights::kColumns;

/// A panel of weights is unpacked group by group into the first cache and multiplied from there by
/// the kernels of bf16; the scales of a group fall on its sums.
class OurWeightOnlyProduct final : public WeightOnlyProduct {
 public:
  OurWeightOnlyProduct(Isa isa, int bits, const GemmShape& shape, const Bf16* weights,
                       Threads& threads)
      : shape_(shape),
        micro_(bf16_micro(isa)),
        rows_(weight_rows(isa)),
        row_ops_(row_ops(isa)),
        weights_(bits, weights, shape.columns, shape.k, threads),
        threads_(threads),
        a_(a_panel_bytes(micro_, shape.rows, shape.k)) {
    for (int i = 0; i < threads.count(); ++i) {
      spaces_.push_back({Buffer(QuantizedWeights::kGroup * kColumns * std::int64_t{sizeof(Bf16)}),
                         Buffer(std::int64_t{micro_.rows} * kColumns * 4),
                         Buffer((shape.rows + micro_.rows) * kColumns * 4)});
    }
  }

  void run(const Bf16* a, Bf16* out) override {
    pack_a_rows(micro_, a, shape_.rows, shape_.k, threads_, a_.data());
    threads_.run(weights_.panels(), [&](std::int64_t panel, int thread) {
      Space& space = spaces_[static_cast<std::size_t>(thread)];
      multiply(panel, space);
      const std::int64_t column = panel * kColumns;
      const std::int64_t some = std::min<std::int64_t>(kColumns, shape_.columns - column);
      for (std::int64_t i = 0; i < shape_.rows; ++i) {
        row_ops_.narrow(space.totals.as<float>() + i * kColumns, 1, some,
                        out + i * shape_.columns + column);
      }
    });
  }

  void dequantize(std::int64_t column, float* out) const override {
    weights_.dequantize(column, out);
  }
  std::vector<std::span<const std::byte>> weights() const override { return {weights_.memory()}; }

 private:
  struct Space {
    Buffer panel;   ///< Of B: a group.
    Buffer sums;    ///< A panel of rows times that.
    Buffer totals;  ///< [rows][32]
  };

  void multiply(std::int64_t panel, Space& space) const {
    const MicroUse use(micro_);
    auto* totals = space.totals.as<float>();
    std::fill_n(totals, shape_.rows * kColumns, 0.0F);
    const auto unpack = weights_.bits() == 8 ? rows_.unpack8 : rows_.unpack4;
    const std::int64_t steps = micro_.steps(shape_.k);
    const std::int64_t a_bytes = steps * micro_.a_step_bytes();
    for (std::int64_t group = 0; group < weights_.groups(); ++group) {
      const std::int64_t first = group * QuantizedWeights::kSteps;
      const std::int64_t some = std::min<std::int64_t>(QuantizedWeights::kSteps, steps - first);
      unpack(weights_.integers(panel, group), static_cast<int>(some), space.panel.as<Bf16>());
      for (std::int64_t row = 0; row < shape_.rows; row += micro_.rows) {
        const auto live = static_cast<int>(std::min<std::int64_t>(micro_.rows, shape_.rows - row));
        micro_.multiply(a_.data() + row / micro_.rows * a_bytes + first * micro_.a_step_bytes(),
                        space.panel.data(), some, live, space.sums.as<float>(), kColumns, false);
        rows_.add_scaled(space.sums.as<float>(), weights_.scales(panel, group), live,
                         totals + row * kColumns);
      }
    }
  }

  GemmShape shape_;
  const Micro& micro_;
  const WeightRows& rows_;
  const RowOps& row_ops_;
  QuantizedWeights weights_;
  Threads& threads_;
  Buffer a_;
  std::vector<Space> spaces_;
};

}  // namespace

std::vector<WeightOnlyMaker> our_weight_only_products(int bits) {
  return our_makers<WeightOnlyMaker>([bits](Isa isa) {
    return [isa, bits](const GemmShape& shape, const Bf16* weights, Threads& threads) {
      return std::make_unique<OurWeightOnlyProduct>(isa, bits, shape, weights, threads);
    };
  });
}

double weight_only_bytes(const GemmShape& shape, int bits) {
  const auto weights = static_cast<double>(shape.columns) * static_cast<double>(shape.k);
  return weights * bits / 8 + 2 * weights / QuantizedWeights::kGroup +
         2 * static_cast<double>(shape.rows) * static_cast<double>(shape.k + shape.columns);
}

}  // namespace pingjia::kernels
