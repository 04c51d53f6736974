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

/// `count` keys or values from the first, and those that are asked for meanwhile.
template <const Bf16* (AttentionProblem::*row)(std::int64_t) const>
RowsToPack rows_of(const AttentionProblem& problem, std::int64_t first, int count) {
  constexpr std::int64_t kAhead = 64;
  const std::int64_t last = problem.key_length - 1;
  RowsToPack rows;
  rows.count = count;
  for (int i = 0; i < kPanelKeys; ++i) {
    rows.row[i] = (problem.*row)(std::min(first + i, last));
    rows.ahead[i] = (problem.*row)(std::min(first + i + kAhead, last));
  }
  return rows;
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
  const std::int64_t depths = kKeyBlock / kPanelKeys;
  for (std::int64_t at = 0; at < count; at += kPanelKeys) {
    const auto some = static_cast<int>(std::min<std::int64_t>(kPanelKeys, count - at));
    const std::int64_t panel = at / kPanelKeys;
    if (keys != nullptr) {
      parts.rows.pack_keys(rows_of<&AttentionProblem::key>(problem, first + at, some),
                           parts.key_width,
                           keys + panel * parts.key_steps() * AttentionParts::kStep);
    }
    parts.rows.pack_values(rows_of<&AttentionProblem::value>(problem, first + at, some),
                           parts.value_width, values + panel * AttentionParts::kStep,
                           depths * AttentionParts::kStep);
  }
}

QueryPanels::QueryPanels(const AttentionParts& parts)
    : parts_(parts),
      queries_(kMostPanels * parts.key_steps() * AttentionParts::kStep * 2),
      few_queries_(parts.key_steps() * AttentionParts::kStep * 2),
      sums_(kMostPanels * kQueryRows * parts.value_panels() * 32 * 4),
      scores_(kQueryRows * kKeyBlock * 4),
      weights_(kQueryRows * kKeyBlock * 2) {}

void QueryPanels::begin(const AttentionProblem& problem, std::int64_t first, std::int64_t count) {
  problem_ = &problem;
  first_ = first;
  count_ = count;
  if (parts_.rows.score_rows != nullptr && count <= kFewQueries) pack_queries(problem);
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

/// The rows as columns of B, as if they were keys.
void QueryPanels::pack_queries(const AttentionProblem& problem) {
  RowsToPack rows;
  rows.count = static_cast<int>(count_);
  const RowsFrom from{&problem, first_, parts_.key_width};
  for (int i = 0; i < kPanelKeys; ++i) {
    const std::int64_t row = std::min<std::int64_t>(i, count_ - 1);
    rows.row[i] = rows.ahead[i] = static_cast<const Bf16*>(query_at(&from, row));
  }
  parts_.rows.pack_keys(rows, parts_.key_width, few_queries_.as<Bf16>());
}

void QueryPanels::attend(std::int64_t key, std::int64_t count, const Bf16* keys,
                         const Bf16* values) {
  for (std::int64_t panel = 0; panel * kQueryRows < count_; ++panel) {
    attend_panel(panel, key, count, values, [&](std::int64_t seen) { score(panel, seen, keys); });
  }
}

bool QueryPanels::can_read_rows(std::int64_t count) const {
  // A tile takes 16 keys at one stride, and no more than there are.
  return parts_.rows.score_rows != nullptr && count_ <= kFewQueries && parts_.key_width % 32 == 0 &&
         count % kPanelKeys == 0 && (problem_->pages == nullptr || problem_->page_size % 16 == 0);
}

void QueryPanels::attend_rows(std::int64_t key, std::int64_t count, const Bf16* values) {
  attend_panel(0, key, count, values, [&](std::int64_t seen) { score_rows(key, seen); });
}

void QueryPanels::score(std::int64_t panel, std::int64_t keys_seen, const Bf16* keys) {
  const std::int64_t step = parts_.key_steps() * AttentionParts::kStep;
  const auto live =
      static_cast<int>(std::min<std::int64_t>(kQueryRows, count_ - panel * kQueryRows));
  for (std::int64_t i = 0; i * kPanelKeys < keys_seen; ++i) {
    parts_.micro.multiply(queries_.as<Bf16>() + panel * step, keys + i * step, parts_.key_steps(),
                          live, scores_.as<float>() + i * kQueryRows * kPanelKeys, kPanelKeys,
                          false);
  }
}

void QueryPanels::score_rows(std::int64_t key, std::int64_t keys_seen) {
  for (std::int64_t i = 0; i * kPanelKeys < keys_seen; ++i) {
    parts_.rows.score_rows(
        few_queries_.as<Bf16>(),
        rows_of<&AttentionProblem::key>(*problem_, key + i * kPanelKeys, kPanelKeys),
        problem_->key_stride, parts_.key_width, static_cast<int>(count_),
        scores_.as<float>() + i * kQueryRows * kPanelKeys);
  }
}

template <class Score>
void QueryPanels::attend_panel(std::int64_t panel, std::int64_t key, std::int64_t count,
                               const Bf16* values, Score score) {
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
  score(seen);
  const std::int64_t panels = (seen + kPanelKeys - 1) / kPanelKeys;
  parts_.rows.softmax(states_[panel], {.scores = scores_.as<float>(),
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
