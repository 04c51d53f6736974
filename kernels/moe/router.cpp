#include "kernels/moe/router.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/gemm/block.h"

namespace pingjia::kernels {
namespace {

std::vector<float> scores_of(const RouterShape& shape, const float* logits) {
  std::vector<float> scores(logits, logits + shape.experts);
  const float highest = *std::max_element(scores.begin(), scores.end());
  float sum = 0;
  for (float& score : scores) {
    score = shape.sigmoid ? 1 / (1 + std::exp(-score)) : std::exp(score - highest);
    sum += score;
  }
  if (!shape.sigmoid) {
    for (float& score : scores) score /= sum;
  }
  return scores;
}

/// Numbers of the `count` highest values, the best first.
std::vector<std::int32_t> best_of(const std::vector<float>& values, std::int64_t count) {
  std::vector<std::int32_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(order.begin(), end, order.end(), [&](std::int32_t a, std::int32_t b) {
    const float x = values[static_cast<std::size_t>(a)], y = values[static_cast<std::size_t>(b)];
    return x > y || (x == y && a < b);
  });
  order.resize(static_cast<std::size_t>(count));
  return order;
}

/// Experts of groups that were not chosen get -infinity.
void drop_groups(const RouterShape& shape, std::vector<float>& biased) {
  const auto size = static_cast<std::size_t>(shape.experts / shape.groups);
  std::vector<float> groups;
  for (std::size_t first = 0; first < biased.size(); first += size) {
    std::vector<float> mine(biased.begin() + static_cast<std::ptrdiff_t>(first),
                            biased.begin() + static_cast<std::ptrdiff_t>(first + size));
    const std::size_t counted = std::min<std::size_t>(2, size);
    std::partial_sort(mine.begin(), mine.begin() + static_cast<std::ptrdiff_t>(counted), mine.end(),
                      std::greater<>());
    groups.push_back(mine[0] + (counted > 1 ? mine[1] : 0));
  }
  std::vector<bool> kept(groups.size(), false);
  for (const std::int32_t group : best_of(groups, shape.top_groups)) {
    kept[static_cast<std::size_t>(group)] = true;
  }
  for (std::size_t i = 0; i < biased.size(); ++i) {
    if (!kept[i / size]) biased[i] = -std::numeric_limits<float>::infinity();
  }
}

struct Rows {
  const Bf16* first;
  std::int64_t width;
};

const void* row_of(const void* context, std::int64_t row) {
  const auto* rows = static_cast<const Rows*>(context);
  return rows->first + row * rows->width;
}

}  // namespace

double RouterShape::flops() const {
  return 2.0 * static_cast<double>(tokens) * static_cast<double>(hidden) *
         static_cast<double>(experts);
}

double RouterShape::minimum_bytes() const {
  return 2.0 * static_cast<double>(hidden * (tokens + experts)) +
         static_cast<double>(tokens * (experts * 4 + top_k * 8));
}

void choose_experts(const RouterShape& shape, const float* logits, const float* bias,
                    std::int32_t* experts, float* weights) {
  const std::vector<float> scores = scores_of(shape, logits);
  std::vector<float> biased = scores;
  if (bias != nullptr) {
    for (std::size_t i = 0; i < biased.size(); ++i) biased[i] += bias[i];
  }
  if (shape.top_groups < shape.groups) drop_groups(shape, biased);
  const auto chosen = best_of(biased, shape.top_k);
  float sum = 0;
  for (const std::int32_t expert : chosen) sum += scores[static_cast<std::size_t>(expert)];
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    experts[i] = chosen[i];
    weights[i] = scores[static_cast<std::size_t>(chosen[i])] / sum * shape.scale;
  }
}

Router::Router(Isa isa, const RouterShape& shape, const Bf16* weights, const float* bias,
               Threads& threads)
    : shape_(shape),
      weights_(bf16_micro(isa), weights, shape.experts, shape.hidden, threads),
      bias_(bias),
      threads_(threads),
      x_(threads.count() * a_panel_bytes(weights_.micro(), 1, shape.hidden)),
      sums_(threads.count() * weights_.panels() * weights_.micro().rows * weights_.micro().columns *
            std::int64_t{sizeof(float)}) {}

void Router::run(const Bf16* x, std::int32_t* experts, float* weights) {
  const Micro& micro = weights_.micro();
  const std::int64_t panels = (shape_.tokens + micro.rows - 1) / micro.rows;
  threads_.run(panels, [&](std::int64_t panel, int thread) {
    const MicroUse use(micro);
    const std::int64_t first = panel * micro.rows;
    const std::int64_t live = std::min<std::int64_t>(micro.rows, shape_.tokens - first);
    std::byte* packed = x_.data() + thread * a_panel_bytes(micro, 1, shape_.hidden);
    const Rows rows{x + first * shape_.hidden, shape_.hidden};
    pack_a_panel(micro, row_of, &rows, static_cast<int>(live), shape_.hidden, packed);
    const SumBlocks sums{micro, weights_.panels()};
    float* c = sums_.as<float>() + thread * sums.panels * sums.block();
    multiply_block(packed, live, weights_, 0, weights_.panels(), c);
    std::vector<float> logits(static_cast<std::size_t>(weights_.panels() * micro.columns));
    for (std::int64_t i = 0; i < live; ++i) {
      for (std::int64_t block = 0; block < weights_.panels(); ++block) {
        std::copy_n(c + sums.row(i) + block * sums.block(), micro.columns,
                    logits.data() + block * micro.columns);
      }
      const std::int64_t at = (first + i) * shape_.top_k;
      choose_experts(shape_, logits.data(), bias_, experts + at, weights + at);
    }
  });
}

}  // namespace pingjia::kernels
