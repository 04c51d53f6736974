#include "kernels/moe/experts.h"

#include <algorithm>
#include <cstring>

#include "kernels/gemm/block.h"

namespace pingjia::kernels {
namespace {

constexpr std::int64_t kBlockRows = 256;
constexpr std::int64_t kMostPanels = 8;  ///< Of B in a task: 256 columns.
constexpr std::int64_t kHalf = 16;       ///< Columns of gate, and of up, in a panel.

std::int64_t round_up(std::int64_t value, std::int64_t unit) {
  return (value + unit - 1) / unit * unit;
}

/// Column j of the interleaved weights: of each 32, 16 rows of gate and the 16 of up beside them.
struct Interleaved {
  const Bf16* expert;
  std::int64_t intermediate, hidden;
};

const void* interleaved_row(const void* context, std::int64_t column) {
  const auto* from = static_cast<const Interleaved*>(context);
  const std::int64_t row = column / (2 * kHalf) * kHalf + column % kHalf;
  if (row >= from->intermediate) return nullptr;
  const std::int64_t up = column % (2 * kHalf) >= kHalf ? from->intermediate : 0;
  return from->expert + (up + row) * from->hidden;
}

struct Gather {
  const Bf16* x;
  const std::int32_t* tokens;
  std::int64_t hidden;
};

const void* gathered_row(const void* context, std::int64_t row) {
  const auto* from = static_cast<const Gather*>(context);
  return from->x + from->tokens[row] * from->hidden;
}

}  // namespace

Experts::Experts(Isa isa, const MoeShape& shape, const MoeWeights& weights, Threads& threads)
    : shape_(shape),
      micro_(bf16_micro(isa)),
      gate_row_(gate_row(isa)),
      row_ops_(row_ops(isa)),
      threads_(threads) {
  const std::int64_t interleaved = round_up(shape.intermediate, kHalf) * 2;
  const std::int64_t expert_weights = shape.intermediate * shape.hidden;
  for (std::int64_t e = 0; e < shape.experts; ++e) {
    const Interleaved from{weights.gate_up + e * 2 * expert_weights, shape.intermediate,
                           shape.hidden};
    gate_up_.emplace_back(micro_, interleaved_row, &from, interleaved, shape.hidden, threads);
    down_.emplace_back(micro_, weights.down + e * expert_weights, shape.hidden, shape.intermediate,
                       threads);
  }
  // Every expert may leave one panel that is not full.
  const std::int64_t entries = shape.tokens * shape.top_k;
  const std::int64_t rows = entries + std::min(shape.experts, entries) * micro_.rows;
  x_ = Buffer(a_panel_bytes(micro_, rows, shape.hidden));
  hidden_ = Buffer(a_panel_bytes(micro_, rows, shape.intermediate));
  const std::int64_t columns = kMostPanels * micro_.columns;
  sums_ = Buffer(threads.count() * kBlockRows * columns * std::int64_t{sizeof(float)});
  totals_ = Buffer(threads.count() * shape.tokens * columns * std::int64_t{sizeof(float)});
}

void Experts::run(const Bf16* x, const Routing& routing, Bf16* out) {
  permute(shape_, routing, sorted_);
  plan();
  gather(x);
  multiply_gate_up();
  multiply_down(out);
}

std::vector<std::span<const std::byte>> Experts::weights() const {
  std::vector<std::span<const std::byte>> memory;
  for (const PackedWeights& weights : gate_up_) memory.push_back(weights.memory());
  for (const PackedWeights& weights : down_) memory.push_back(weights.memory());
  return memory;
}

void Experts::plan() {
  blocks_.clear();
  std::int64_t panel = 0;
  for (std::int64_t e = 0; e < shape_.experts; ++e) {
    for (std::int64_t row = 0; row < sorted_.count(e); row += kBlockRows) {
      const std::int64_t rows = std::min(kBlockRows, sorted_.count(e) - row);
      blocks_.push_back({e, sorted_.first[static_cast<std::size_t>(e)] + row, rows, panel});
      panel += (rows + micro_.rows - 1) / micro_.rows;
    }
  }
}

void Experts::gather(const Bf16* x) {
  const std::int64_t bytes = a_panel_bytes(micro_, 1, shape_.hidden);
  threads_.run(std::ssize(blocks_), [&](std::int64_t task, int) {
    const Block& block = blocks_[static_cast<std::size_t>(task)];
    for (std::int64_t row = 0; row < block.rows; row += micro_.rows) {
      const Gather from{x, sorted_.token.data() + block.first + row, shape_.hidden};
      const auto live = static_cast<int>(std::min<std::int64_t>(micro_.rows, block.rows - row));
      pack_a_panel(micro_, gathered_row, &from, live, shape_.hidden,
                   x_.data() + (block.panel + row / micro_.rows) * bytes);
    }
  });
}

/// Few blocks: narrower tasks, so that every thread has some; not too narrow, because a task of few
/// tokens reads from memory, whose rate counts only once the read has begun.
std::int64_t Experts::columns_per_task(std::int64_t panels, std::int64_t blocks) const {
  const std::int64_t wanted = std::int64_t{4} * threads_.count();
  const std::int64_t slices = std::max<std::int64_t>(1, (wanted + blocks - 1) / blocks);
  // Even, because two panels of 16 outputs make one depth of the next product's panel.
  const std::int64_t even = (panels / slices) & ~std::int64_t{1};
  return std::clamp<std::int64_t>(even, 2, kMostPanels);
}

void Experts::multiply_gate_up() {
  const std::int64_t panels = gate_up_.front().panels();
  const std::int64_t step = columns_per_task(panels, std::ssize(blocks_));
  const std::int64_t slices = (panels + step - 1) / step;
  const std::int64_t x_bytes = a_panel_bytes(micro_, 1, shape_.hidden);
  const std::int64_t h_bytes = a_panel_bytes(micro_, 1, shape_.intermediate);
  const std::int64_t depth = std::int64_t{micro_.rows} * micro_.depth;
  threads_.run(std::ssize(blocks_) * slices, [&](std::int64_t task, int thread) {
    const MicroUse use(micro_);
    const Block& block = blocks_[static_cast<std::size_t>(task / slices)];
    const std::int64_t first = task % slices * step;
    const std::int64_t last = std::min(first + step, panels);
    float* c = sums_.as<float>() + thread * kBlockRows * kMostPanels * micro_.columns;
    multiply_block(x_.data() + block.panel * x_bytes, block.rows,
                   gate_up_[static_cast<std::size_t>(block.expert)], first, last, c);
    const SumBlocks sums{micro_, last - first};
    for (std::int64_t row = 0; row < block.rows; ++row) {
      std::byte* panel = hidden_.data() + (block.panel + row / micro_.rows) * h_bytes;
      Bf16* to =
          reinterpret_cast<Bf16*>(panel) + first / 2 * depth + row % micro_.rows * micro_.depth;
      gate_row_(c + sums.row(row), last - first, sums.block(), to, depth);
      if (last == panels && last % 2 == 1)
        std::fill_n(to + (last - first) / 2 * depth + kHalf, kHalf, Bf16{});
    }
  });
}

void Experts::multiply_down(Bf16* out) {
  const std::int64_t panels = down_.front().panels();
  const std::int64_t step = columns_per_task(panels, 1);
  const std::int64_t columns = kMostPanels * micro_.columns;
  threads_.run((panels + step - 1) / step, [&](std::int64_t task, int thread) {
    const MicroUse use(micro_);
    const std::int64_t first = task * step;
    const std::int64_t last = std::min(first + step, panels);
    const std::int64_t width = (last - first) * micro_.columns;
    float* totals = totals_.as<float>() + thread * shape_.tokens * columns;
    std::fill_n(totals, shape_.tokens * width, 0.0F);
    down_columns(first, last, totals, sums_.as<float>() + thread * kBlockRows * columns);
    const std::int64_t column = first * micro_.columns;
    const std::int64_t live = std::min(width, shape_.hidden - column);
    for (std::int64_t token = 0; token < shape_.tokens; ++token) {
      row_ops_.narrow(totals + token * width, 1, live, out + token * shape_.hidden + column);
    }
  });
}

void Experts::down_columns(std::int64_t first, std::int64_t last, float* totals, float* sums) {
  const std::int64_t h_bytes = a_panel_bytes(micro_, 1, shape_.intermediate);
  const std::int64_t width = (last - first) * micro_.columns;
  const SumBlocks blocks{micro_, last - first};
  for (const Block& block : blocks_) {
    multiply_block(hidden_.data() + block.panel * h_bytes, block.rows,
                   down_[static_cast<std::size_t>(block.expert)], first, last, sums);
    for (std::int64_t row = 0; row < block.rows; ++row) {
      const auto entry = static_cast<std::size_t>(block.first + row);
      float* to = totals + sorted_.token[entry] * width;
      const float* from = sums + blocks.row(row);
      for (std::int64_t column = 0; column < width; column += micro_.columns) {
        row_ops_.add(from, sorted_.weight[entry], micro_.columns, to + column);
        from += blocks.block();
      }
    }
  }
}

std::vector<MoeMaker> our_moe_layers() {
  return our_makers<MoeMaker>([](Isa isa) {
    return [isa](const MoeShape& shape, const MoeWeights& weights, Threads& threads) {
      return std::make_unique<Experts>(isa, shape, weights, threads);
    };
  });
}

}  // namespace pingjia::kernels
