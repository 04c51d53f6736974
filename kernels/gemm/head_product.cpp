#include "kernels/gemm/head_product.h"

#include <algorithm>

#include "kernels/gemm/block.h"

namespace pingjia::kernels {
namespace {

/// Rows of one head, which stand a row of all heads apart.
struct HeadRows {
  const Bf16* first;
  std::int64_t stride;
};

const void* head_row(const void* context, std::int64_t row) {
  const auto* rows = static_cast<const HeadRows*>(context);
  return rows->first + row * rows->stride;
}

class OurHeadProduct final : public Product<Bf16> {
 public:
  OurHeadProduct(Isa isa, const HeadShape& shape, const Bf16* weights, Threads& threads)
      : shape_(shape),
        micro_(bf16_micro(isa)),
        row_ops_(row_ops(isa)),
        threads_(threads),
        panel_bytes_(a_panel_bytes(micro_, 1, shape.k)),
        a_(threads.count() * row_panels() * panel_bytes_) {
    for (std::int64_t head = 0; head < shape.heads; ++head) {
      weights_.emplace_back(micro_, weights + head * shape.columns * shape.k, shape.columns,
                            shape.k, threads);
    }
    const SumBlocks sums{micro_, weights_.front().panels()};
    sums_ = Buffer(threads.count() * row_panels() * sums.panels * sums.block() * 4);
  }

  void run(const Bf16* a, Bf16* out) override {
    threads_.run(shape_.heads, [&](std::int64_t head, int thread) {
      std::byte* panels = a_.data() + thread * row_panels() * panel_bytes_;
      pack(a + head * shape_.k, panels);
      const PackedWeights& weights = weights_[static_cast<std::size_t>(head)];
      float* sums = sums_.as<float>() + thread * (sums_.bytes() / 4 / threads_.count());
      const MicroUse use(micro_);
      multiply_block(panels, shape_.rows, weights, 0, weights.panels(), sums);
      store(sums, out + head * shape_.columns);
    });
  }

  std::vector<std::span<const std::byte>> weights() const override {
    std::vector<std::span<const std::byte>> memory;
    for (const PackedWeights& weights : weights_) memory.push_back(weights.memory());
    return memory;
  }

 private:
  std::int64_t row_panels() const { return (shape_.rows + micro_.rows - 1) / micro_.rows; }

  void pack(const Bf16* a, std::byte* panels) const {
    const std::int64_t stride = shape_.heads * shape_.k;
    for (std::int64_t row = 0; row < shape_.rows; row += micro_.rows) {
      const HeadRows from{a + row * stride, stride};
      const auto live = static_cast<int>(std::min<std::int64_t>(micro_.rows, shape_.rows - row));
      pack_a_panel(micro_, head_row, &from, live, shape_.k,
                   panels + row / micro_.rows * panel_bytes_);
    }
  }

  void store(const float* sums, Bf16* out) const {
    const SumBlocks blocks{micro_, weights_.front().panels()};
    for (std::int64_t row = 0; row < shape_.rows; ++row) {
      Bf16* to = out + row * shape_.heads * shape_.columns;
      for (std::int64_t panel = 0; panel < blocks.panels; ++panel) {
        const std::int64_t column = panel * micro_.columns;
        row_ops_.narrow(sums + blocks.row(row) + panel * blocks.block(), 1,
                        std::min<std::int64_t>(micro_.columns, shape_.columns - column),
                        to + column);
      }
    }
  }

  HeadShape shape_;
  const Micro& micro_;
  const RowOps& row_ops_;
  Threads& threads_;
  std::int64_t panel_bytes_;
  std::vector<PackedWeights> weights_;
  Buffer a_, sums_;  ///< A part for each thread.
};

}  // namespace

double HeadShape::flops() const {
  return 2.0 * static_cast<double>(rows) * static_cast<double>(heads) *
         static_cast<double>(columns) * static_cast<double>(k);
}

double HeadShape::minimum_bytes() const {
  return 2.0 * static_cast<double>(heads) *
         (static_cast<double>(columns) * static_cast<double>(k) +
          static_cast<double>(rows) * static_cast<double>(columns + k));
}

std::vector<HeadProductMaker> our_head_products() {
  return our_makers<HeadProductMaker>([](Isa isa) {
    return [isa](const HeadShape& shape, const Bf16* weights, Threads& threads) {
      return std::make_unique<OurHeadProduct>(isa, shape, weights, threads);
    };
  });
}

}  // namespace pingjia::kernels
