#include "kernels/attention/query_panels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "kernels/gemm/panel.h"

namespace pingjia::kernels {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();

struct RowsFrom {
  const AttentionProblem* problem;
  std::int64_t first;
  std::int64_t width;
};

const void* query_at(const void* context, std::int64_t i) {
  const auto* rows = static_cast<const RowsFrom*>(context);
  const AttentionProblem& problem = *rows->problem;
  const std::int64_t row = rows->first + i;
  return problem.q + row / problem.group * problem.q_stride + row % problem.group * rows->width;
}

}  // namespace

AttentionParts::AttentionParts(Isa isa, std::int64_t key, std::int64_t value)
    : micro(bf16_micro(isa)),
      rows(attention_rows(isa)),
      row_ops(kernels::row_ops(isa)),
      key_width(key),
      value_width(value) {}

void pack_block(const AttentionParts& parts, const AttentionProblem& problem, std::int64_t first,
                std::int64_t count, Bf16* keys, Bf16* values) {
  constexpr std::int64_t kAheadKeys = 64;
  const std::int64_t depths = kKeyBlock / kPanelKeys;
  const std::int64_t last = problem.key_length - 1;
  for (std::int64_t at = 0; at < count; at += kPanelKeys) {
    RowsToPack keys_here, values_here;
    keys_here.count = values_here.count =
        static_cast<int>(std::min<std::int64_t>(kPanelKeys, count - at));
    for (int i = 0; i < kPanelKeys; ++i) {
      const std::int64_t here = std::min(first + at + i, last);
      const std::int64_t ahead = std::min(first + at + i + kAheadKeys, last);
      keys_here.row[i] = problem.key(here);
      values_here.row[i] = problem.value(here);
      keys_here.ahead[i] = problem.key(ahead);
      values_here.ahead[i] = problem.value(ahead);
    }
    const std::int64_t panel = at / kPanelKeys;
    parts.rows.pack_keys(keys_here, parts.key_width,
                         keys + panel * parts.key_steps() * AttentionParts::kStep);
    parts.rows.pack_values(values_here, parts.value_width, values + panel * AttentionParts::kStep,
                           depths * AttentionParts::kStep);
  }
}

QueryPanels::QueryPanels(const AttentionParts& parts)
    : parts_(parts),
      queries_(kMostPanels * parts.key_steps() * AttentionParts::kStep * 2),
      sums_(kMostPanels * kQueryRows * parts.value_panels() * 32 * 4),
      scores_(kQueryRows * kKeyBlock * 4),
      weights_(kQueryRows * kKeyBlock * 2) {}

void QueryPanels::begin(const AttentionProblem& problem, std::int64_t first, std::int64_t count) {
  problem_ = &problem;
  first_ = first;
  count_ = count;
  const std::int64_t queries = parts_.key_steps() * AttentionParts::kStep;
  for (std::int64_t row = 0; row < count; row += kQueryRows) {
    const std::int64_t panel = row / kQueryRows;
    const RowsFrom from{&problem, first + row, parts_.key_width};
    const auto live = static_cast<int>(std::min<std::int64_t>(kQueryRows, count - row));
    pack_a_panel(parts_.micro, query_at, &from, live, parts_.key_width,
                 queries_.as<Bf16>() + panel * queries);
    std::fill_n(states_[panel].highest, kQueryRows, kLowest);
    std::fill_n(states_[panel].sum, kQueryRows, 0.0F);
    std::fill_n(sums(panel), kQueryRows * parts_.value_panels() * 32, 0.0F);
  }
}

void QueryPanels::attend(std::int64_t key, std::int64_t count, const Bf16* keys,
                         const Bf16* values) {
  for (std::int64_t panel = 0; panel * kQueryRows < count_; ++panel) {
    attend_panel(panel, key, count, keys, values);
  }
}

void QueryPanels::attend_panel(std::int64_t panel, std::int64_t key, std::int64_t count,
                               const Bf16* keys, const Bf16* values) {
  const std::int64_t row = first_ + panel * kQueryRows;
  const auto live = static_cast<int>(std::min<std::int64_t>(kQueryRows, first_ + count_ - row));
  int first[kQueryRows], last[kQueryRows];
  for (int i = 0; i < live; ++i) {
    first[i] =
        static_cast<int>(std::clamp<std::int64_t>(problem_->first_seen(row + i) - key, 0, count));
    last[i] =
        static_cast<int>(std::clamp<std::int64_t>(problem_->last_seen(row + i) - key, 0, count));
  }
  // Both grow with the row.
  const int seen = last[live - 1];
  if (seen <= first[0]) return;
  const std::int64_t panels = (seen + kPanelKeys - 1) / kPanelKeys;
  auto* scores = scores_.as<float>();
  const Bf16* queries = queries_.as<Bf16>() + panel * parts_.key_steps() * AttentionParts::kStep;
  for (std::int64_t i = 0; i < panels; ++i) {
    parts_.micro.multiply(queries, keys + i * parts_.key_steps() * AttentionParts::kStep,
                          parts_.key_steps(), live, scores + i * kQueryRows * kPanelKeys,
                          kPanelKeys, false);
  }
  parts_.rows.softmax(states_[panel], {.scores = scores,
                                       .weights = weights_.as<Bf16>(),
                                       .rows = live,
                                       .keys = static_cast<int>(panels * kPanelKeys),
                                       .scale = problem_->scale * std::numbers::log2e_v<float>,
                                       .first = first,
                                       .last = last,
                                       .out = sums(panel),
                                       .out_panels = parts_.value_panels()});
  const std::int64_t block = kKeyBlock / kPanelKeys * AttentionParts::kStep;
  for (std::int64_t i = 0; i < parts_.value_panels(); ++i) {
    parts_.micro.multiply(weights_.data(), values + i * block, panels, live,
                          sums(panel) + i * kQueryRows * 32, 32, true);
  }
}

float QueryPanels::share_of(std::int64_t row) const {
  const SoftmaxRows& state = states_[row / kQueryRows];
  const float highest = state.highest[row % kQueryRows];
  float sum = state.sum[row % kQueryRows];
  if (highest == kLowest) return 0;
  if (problem_->sinks != nullptr) {
    const float sink = problem_->sinks[(first_ + row) % problem_->group];
    sum += std::exp2(sink * std::numbers::log2e_v<float> - highest);
  }
  return 1 / sum;
}

void QueryPanels::store() const {
  for (std::int64_t row = 0; row < count_; ++row) {
    const std::int64_t at = first_ + row;
    Bf16* out = problem_->out + at / problem_->group * problem_->out_stride +
                at % problem_->group * parts_.value_width;
    const float* from = sums(row / kQueryRows) + row % kQueryRows * 32;
    const float share = share_of(row);
    for (std::int64_t i = 0; i < parts_.value_width; i += 32, from += kQueryRows * 32) {
      const std::int64_t some = std::min<std::int64_t>(32, parts_.value_width - i);
      parts_.row_ops.narrow(from, share, some, out + i);
    }
  }
}

void QueryPanels::merge(const QueryPanels& other) {
  for (std::int64_t row = 0; row < count_; ++row) {
    const std::int64_t panel = row / kQueryRows, i = row % kQueryRows;
    SoftmaxRows& mine = states_[panel];
    const SoftmaxRows& theirs = other.states_[panel];
    const float highest = std::max(mine.highest[i], theirs.highest[i]);
    if (highest == kLowest) continue;
    const float keep = std::exp2(mine.highest[i] - highest);
    const float take = std::exp2(theirs.highest[i] - highest);
    float* to = sums(panel) + i * 32;
    const float* from = other.sums(panel) + i * 32;
    for (std::int64_t j = 0; j < parts_.value_panels(); ++j) {
      for (std::int64_t column = 0; column < 32; ++column) {
        const std::int64_t place = j * kQueryRows * 32 + column;
        to[place] = to[place] * keep + from[place] * take;
      }
    }
    mine.sum[i] = mine.sum[i] * keep + theirs.sum[i] * take;
    mine.highest[i] = highest;
  }
}

}  // namespace pingjia::kernels
