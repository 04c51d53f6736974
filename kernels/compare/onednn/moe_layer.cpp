#include <algorithm>
#include <cstring>
#include <deque>
#include <map>

#include "kernels/compare/onednn/makers.h"
#include "kernels/compare/onednn/primitive.h"
#include "kernels/compare/onednn/team.h"
#include "kernels/compare/routed_rows.h"
#include "kernels/moe/gate_rows.h"
#include "kernels/processor/row_ops.h"

namespace pingjia::kernels {
namespace {

constexpr std::int64_t kHalf = 16;  ///< Columns of gate, then of up, as gate_row wants them.

/// The two products of an expert with so many tokens.
struct ExpertProducts {
  Primitive gate_up;
  Primitive down;
};

Primitive matmul_of(std::int64_t rows, std::int64_t k, std::int64_t columns,
                    const MemoryDesc& weights) {
  return Primitive::matmul(matrix_desc(rows, k, dnnl_bf16, k, 1), weights,
                           matrix_desc(rows, columns, dnnl_f32, columns, 1));
}

/// Rows of gate and of up in turns of 16; zeros where there are none.
std::vector<Bf16> interleaved(const Bf16* gate_up, std::int64_t intermediate, std::int64_t hidden) {
  const std::int64_t padded = (intermediate + kHalf - 1) / kHalf * kHalf;
  std::vector<Bf16> rows(static_cast<std::size_t>(2 * padded * hidden));
  for (std::int64_t i = 0; i < intermediate; ++i) {
    Bf16* to = rows.data() + (i / kHalf * 2 * kHalf + i % kHalf) * hidden;
    std::copy_n(gate_up + i * hidden, hidden, to);
    std::copy_n(gate_up + (intermediate + i) * hidden, hidden, to + kHalf * hidden);
  }
  return rows;
}

class OneDnnMoe final : public MoeCall {
 public:
  OneDnnMoe(const MoeShape& shape, const MoeWeights& weights, const Threads& threads)
      : shape_(shape),
        padded_((shape.intermediate + kHalf - 1) / kHalf * kHalf),
        team_(threads),
        gate_row_(gate_row(best_isa())),
        row_ops_(row_ops(best_isa())),
        gathered_(entries() * shape.hidden * std::int64_t{sizeof(Bf16)}),
        gated_(entries() * 2 * padded_ * std::int64_t{sizeof(float)}),
        inside_(entries() * padded_ * std::int64_t{sizeof(Bf16)}),
        outputs_(entries() * shape.hidden * std::int64_t{sizeof(float)}),
        sums_(static_cast<std::size_t>(team_.count() * shape.hidden)),
        scratches_(static_cast<std::size_t>(team_.count())) {
    pack(weights);
  }

  void run(const Bf16* x, const Routing& routing, Bf16* out) override {
    const RoutedRows rows(shape_, routing);
    // Experts side by side, each on one thread, unless one of them is most of the work.
    const bool alone = rows.largest() * team_.count() <= entries();
    const int threads = alone ? 1 : team_.count();
    team_.use(threads);
    for (const std::int32_t expert : rows.active()) products_for(threads, rows.count(expert));
    const auto run_one = [&](std::int64_t at, int thread) {
      run_expert(rows, rows.active()[static_cast<std::size_t>(at)], threads, x,
                 scratches_[static_cast<std::size_t>(thread)]);
    };
    const auto active = static_cast<std::int64_t>(rows.active().size());
    if (alone) {
      team_.run(active, run_one);
    } else {
      for (std::int64_t at = 0; at < active; ++at) run_one(at, 0);
    }
    team_.run(shape_.tokens, [&](std::int64_t token, int thread) {
      sum_token(rows, routing, token, sums_.data() + thread * shape_.hidden, out);
    });
  }

  std::vector<std::span<const std::byte>> weights() const override {
    std::vector<std::span<const std::byte>> memory;
    for (const PackedMatrix& matrix : gate_up_) memory.push_back(matrix.memory());
    for (const PackedMatrix& matrix : down_) memory.push_back(matrix.memory());
    return memory;
  }

 private:
  std::int64_t entries() const { return shape_.tokens * shape_.top_k; }

  void pack(const MoeWeights& weights) {
    // The layout for as many tokens as fill a tile of AMX; all others take it.
    constexpr std::int64_t kRows = 64;
    team_.use(team_.count());
    const Primitive first = matmul_of(kRows, shape_.hidden, 2 * padded_,
                                      any_matrix_desc(shape_.hidden, 2 * padded_, dnnl_bf16));
    const Primitive second = matmul_of(kRows, padded_, shape_.hidden,
                                       any_matrix_desc(padded_, shape_.hidden, dnnl_bf16));
    gate_up_desc_ = first.weights();
    down_desc_ = second.weights();
    const std::int64_t size = shape_.intermediate * shape_.hidden;
    for (std::int64_t expert = 0; expert < shape_.experts; ++expert) {
      const auto rows =
          interleaved(weights.gate_up + expert * 2 * size, shape_.intermediate, shape_.hidden);
      gate_up_.emplace_back(matrix_desc(shape_.hidden, 2 * padded_, dnnl_bf16, 1, shape_.hidden),
                            rows.data(), gate_up_desc_);
      std::vector<Bf16> padded(static_cast<std::size_t>(shape_.hidden * padded_));
      for (std::int64_t i = 0; i < shape_.hidden; ++i) {
        std::copy_n(weights.down + expert * size + i * shape_.intermediate, shape_.intermediate,
                    padded.data() + i * padded_);
      }
      down_.emplace_back(matrix_desc(padded_, shape_.hidden, dnnl_bf16, 1, padded_), padded.data(),
                         down_desc_);
    }
  }

  const ExpertProducts& products_for(int threads, std::int64_t rows) {
    const auto at = products_.find({threads, rows});
    if (at != products_.end()) return at->second;
    return products_
        .try_emplace({threads, rows},
                     ExpertProducts{matmul_of(rows, shape_.hidden, 2 * padded_, gate_up_desc_),
                                    matmul_of(rows, padded_, shape_.hidden, down_desc_)})
        .first->second;
  }

  void run_expert(const RoutedRows& rows, std::int32_t expert, int threads, const Bf16* x,
                  Buffer& scratch) {
    const auto at = static_cast<std::size_t>(expert);
    const std::int64_t first = rows.first(expert), count = rows.count(expert);
    const ExpertProducts& products = products_.at({threads, count});
    Bf16* gathered = gathered_.as<Bf16>() + first * shape_.hidden;
    float* gated = gated_.as<float>() + first * 2 * padded_;
    Bf16* inside = inside_.as<Bf16>() + first * padded_;
    for_rows(threads, count, [&](std::int64_t row) {
      std::memcpy(gathered + row * shape_.hidden, x + rows.token(first + row) * shape_.hidden,
                  static_cast<std::size_t>(shape_.hidden) * sizeof(Bf16));
    });
    products.gate_up.run(gathered, &gate_up_[at].view(), gated, scratch);
    for_rows(threads, count, [&](std::int64_t row) {
      gate_row_(gated + row * 2 * padded_, padded_ / kHalf, 2 * kHalf, inside + row * padded_,
                2 * kHalf);
    });
    products.down.run(inside, &down_[at].view(), outputs_.as<float>() + first * shape_.hidden,
                      scratch);
  }

  /// On the threads that the products of this expert have.
  void for_rows(int threads, std::int64_t count,
                const std::function<void(std::int64_t row)>& work) const {
    if (threads > 1) {
      team_.run(count, [&](std::int64_t row, int) { work(row); });
    } else {
      for (std::int64_t row = 0; row < count; ++row) work(row);
    }
  }

  void sum_token(const RoutedRows& rows, const Routing& routing, std::int64_t token, float* sums,
                 Bf16* out) const {
    std::fill_n(sums, shape_.hidden, 0.0F);
    for (std::int64_t slot = 0; slot < shape_.top_k; ++slot) {
      const std::int64_t entry = token * shape_.top_k + slot;
      row_ops_.add(outputs_.as<float>() + rows.row_of(entry) * shape_.hidden,
                   routing.weights[entry], shape_.hidden, sums);
    }
    row_ops_.narrow(sums, 1, shape_.hidden, out + token * shape_.hidden);
  }

  MoeShape shape_;
  std::int64_t padded_;  ///< Intermediate, rounded up to what gate_row takes.
  OneDnnTeam team_;
  GateRow gate_row_;
  const RowOps& row_ops_;
  MemoryDesc gate_up_desc_, down_desc_;
  std::deque<PackedMatrix> gate_up_, down_;  ///< By expert.
  std::map<std::pair<int, std::int64_t>, ExpertProducts> products_;  ///< By threads and tokens.
  Buffer gathered_, gated_, inside_, outputs_;                       ///< By row (RoutedRows).
  std::vector<float> sums_;                                          ///< One token's, by thread.
  std::vector<Buffer> scratches_;
};

}  // namespace

MoeMaker onednn_moe_layer() {
  return {.implementation = "onednn",
          .ours = false,
          .absent = OneDnn::get().absent,
          .make = [](const MoeShape& shape, const MoeWeights& weights, Threads& threads) {
            return std::make_unique<OneDnnMoe>(shape, weights, threads);
          }};
}

}  // namespace pingjia::kernels
