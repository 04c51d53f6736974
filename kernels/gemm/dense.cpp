#include "kernels/gemm/dense.h"

#include <algorithm>
#include <cassert>

#include "kernels/gemm/block.h"

namespace pingjia::kernels {
namespace {

// A block's sums and its rows of A, both at most 256 KiB, stay in a second cache of 1 MiB and more.
constexpr std::int64_t kBlockRows = 256;
constexpr std::int64_t kBlockColumns = 256;

std::int64_t round_up(std::int64_t value, std::int64_t unit) {
  return (value + unit - 1) / unit * unit;
}

void store(const RowOps& ops, const float* sums, std::int64_t count, Bf16* out) {
  ops.narrow(sums, 1, count, out);
}

void store(const RowOps&, const float* sums, std::int64_t count, float* out) {
  std::copy_n(sums, count, out);
}

}  // namespace

double GemmShape::flops() const {
  return 2.0 * static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(k);
}

double GemmShape::minimum_bytes(int element_bytes, int out_bytes) const {
  return static_cast<double>(element_bytes) * static_cast<double>(k) *
             static_cast<double>(rows + columns) +
         static_cast<double>(out_bytes) * static_cast<double>(rows) * static_cast<double>(columns);
}

Gemm::Gemm(Isa isa, const PackedWeights& weights, Threads& threads, std::int64_t most_rows)
    : weights_(weights),
      threads_(threads),
      row_ops_(row_ops(isa)),
      a_(a_panel_bytes(weights.micro(), most_rows, weights.k())),
      sums_(threads.count() * (kBlockRows + weights.micro().rows) *
            (kBlockColumns + weights.micro().columns) * std::int64_t{sizeof(float)}) {}

template <class T>
void Gemm::multiply(const T* a, std::int64_t rows, T* out) {
  const Micro& micro = weights_.micro();
  assert(micro.element_bytes == int{sizeof(T)});
  pack_a_rows(micro, a, rows, weights_.k(), threads_, a_.data());
  const std::int64_t block_rows = round_up(kBlockRows, micro.rows);
  const std::int64_t row_blocks = round_up(rows, block_rows) / block_rows;
  // Few rows: narrower blocks, so that every thread has some.
  const std::int64_t most = kBlockColumns / micro.columns;
  const std::int64_t shares = weights_.panels() / (std::int64_t{4} * threads_.count());
  const std::int64_t panels = row_blocks > 1 ? most : std::clamp<std::int64_t>(shares, 1, most);
  const std::int64_t column_blocks = round_up(weights_.panels(), panels) / panels;
  const std::int64_t a_bytes = micro.steps(weights_.k()) * micro.a_step_bytes();
  const std::int64_t sums = sums_.bytes() / std::int64_t{sizeof(float)} / threads_.count();
  threads_.run(row_blocks * column_blocks, [&](std::int64_t task, int thread) {
    const MicroUse use(micro);
    const std::int64_t row = task % row_blocks * block_rows;
    const std::int64_t first = task / row_blocks * panels;
    const std::int64_t last = std::min(first + panels, weights_.panels());
    const std::int64_t some = std::min(block_rows, rows - row);
    float* c = sums_.as<float>() + thread * sums;
    multiply_block(a_.data() + row / micro.rows * a_bytes, some, weights_, first, last, c);
    const SumBlocks blocks{micro, last - first};
    for (std::int64_t i = 0; i < some; ++i) {
      T* to = out + (row + i) * weights_.columns();
      for (std::int64_t panel = first; panel < last; ++panel) {
        const std::int64_t column = panel * micro.columns;
        store(row_ops_, c + blocks.row(i) + (panel - first) * blocks.block(),
              std::min<std::int64_t>(micro.columns, weights_.columns() - column), to + column);
      }
    }
  });
}

void Gemm::run(const Bf16* a, std::int64_t rows, Bf16* out) {
  multiply(a, rows, out);
}

void Gemm::run(const float* a, std::int64_t rows, float* out) {
  multiply(a, rows, out);
}

}  // namespace pingjia::kernels
