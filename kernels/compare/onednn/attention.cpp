#include <algorithm>
#include <cstring>
#include <limits>
#include <map>
#include <memory>

#include "kernels/compare/onednn/attention_steps.h"
#include "kernels/compare/onednn/makers.h"
#include "kernels/compare/onednn/packed_heads.h"
#include "kernels/compare/onednn/team.h"

namespace pingjia::kernels {
namespace {

/// Scores of a block, before and after the softmax: half of a core's second-level cache, so that they
/// stay there. 1 MiB was the fastest of 0.5 to 16.
constexpr std::int64_t kScoreBytes = 1 << 20;
/// Blocks see a multiple of so many keys: 128 was faster than 256 at 1024 keys, the same at 4096.
constexpr std::int64_t kKeysUnit = 128;

/// A block of queries by all heads that share keys is one matrix: [positions * group][key width].
/// Blocks run side by side, each on one thread. Where there are many, keys and values are first
/// brought into the layout of oneDNN's fast products, which pays for itself; a step of decode reads
/// them where they lie.
class OneDnnAttention final : public AttentionCall {
 public:
  OneDnnAttention(const AttentionShape& shape, const Threads& threads)
      : shape_(shape),
        group_(shape.query_heads / shape.kv_heads),
        team_(threads),
        packs_(shape.query_length * group_ >= kRowsWorthPacking),
        spaces_(static_cast<std::size_t>(team_.count())) {
    const std::int64_t score_bytes = shape.key_length * (sizeof(float) + sizeof(Bf16));
    positions_ = std::clamp(std::max(kScoreBytes / score_bytes, kLeastRows) / group_,
                            std::int64_t{1}, shape.query_length);
    team_.use(1);
    const auto last = steps_for(positions_, shape.key_length);
    for (std::int64_t first = 0; first < shape.query_length; first += positions_) {
      block_steps_.push_back(steps_of_block(first, *last));
    }
    if (packs_) packed_ = std::make_unique<PackedHeads>(shape, *last);
    const std::int64_t rows = positions_ * group_;
    for (AttentionSpace& space : spaces_) {
      space.q = Buffer(rows * shape.key_width * std::int64_t{sizeof(Bf16)});
      space.scores = Buffer(rows * shape.key_length * std::int64_t{sizeof(float)});
      space.probabilities = Buffer(rows * shape.key_length * std::int64_t{sizeof(Bf16)});
      space.out = Buffer(rows * shape.value_width * std::int64_t{sizeof(Bf16)});
    }
  }

  void run(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out) override {
    const auto blocks = static_cast<std::int64_t>(block_steps_.size());
    const std::int64_t heads = shape_.batch * shape_.kv_heads;
    team_.use(1);
    if (packs_) {
      team_.run(heads, [&](std::int64_t head, int thread) {
        packed_->pack(head, k, v, spaces_[static_cast<std::size_t>(thread)].scratch);
      });
    }
    // Blocks with many keys first.
    team_.run(heads * blocks, [&](std::int64_t task, int thread) {
      run_block(q, k, v, out, task % heads, blocks - 1 - task / heads,
                spaces_[static_cast<std::size_t>(thread)]);
    });
  }

 private:
  using Steps = std::shared_ptr<const AttentionSteps>;

  /// Rows of queries to a head of keys from which packing costs less than it saves.
  static constexpr std::int64_t kRowsWorthPacking = 64;
  static constexpr std::int64_t kLeastRows = 64;

  Steps steps_for(std::int64_t positions, std::int64_t keys) {
    Steps& steps = steps_[{positions, keys}];
    if (!steps) steps = std::make_shared<AttentionSteps>(shape_, positions * group_, keys, packs_);
    return steps;
  }

  /// For the keys that some query of the block sees, rounded up, so that few primitives serve all;
  /// for all keys where those would want another layout.
  Steps steps_of_block(std::int64_t first, const AttentionSteps& all) {
    const std::int64_t count = std::min(positions_, shape_.query_length - first);
    const std::int64_t seen = std::max(std::int64_t{1}, shape_.keys_seen(first + count - 1));
    const std::int64_t keys = (seen + kKeysUnit - 1) / kKeysUnit * kKeysUnit;
    if (keys >= shape_.key_length) return steps_for(count, shape_.key_length);
    Steps steps = steps_for(count, keys);
    if (packs_ && !steps->read_layout_of(all)) return steps_for(count, shape_.key_length);
    return steps;
  }

  void run_block(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out, std::int64_t head,
                 std::int64_t block, AttentionSpace& space) const {
    const AttentionSteps& steps = *block_steps_[static_cast<std::size_t>(block)];
    const std::int64_t first = block * positions_;
    const std::int64_t first_row = (head / shape_.kv_heads * shape_.query_length + first) *
                                       shape_.query_heads +
                                   head % shape_.kv_heads * group_;
    const std::int64_t count = steps.rows() / group_;
    for (std::int64_t i = 0; i < count; ++i) {
      std::memcpy(space.q.as<Bf16>() + i * group_ * shape_.key_width,
                  q + (first_row + i * shape_.query_heads) * shape_.key_width,
                  static_cast<std::size_t>(group_ * shape_.key_width) * sizeof(Bf16));
    }
    attend(steps, k, v, head, first, space);
    copy_out(steps, first, space, out + first_row * shape_.value_width);
  }

  void attend(const AttentionSteps& steps, const Bf16* k, const Bf16* v, std::int64_t head,
              std::int64_t first, AttentionSpace& space) const {
    if (packs_) {
      const HeadViews views = packed_->views(head);
      steps.score(*views.keys, space);
      mask(steps, first, space.scores.as<float>());
      steps.weigh(views.values, space);
      return;
    }
    const std::int64_t first_key =
        head / shape_.kv_heads * shape_.key_length * shape_.kv_heads + head % shape_.kv_heads;
    const MemoryView keys(steps.keys_desc(), k + first_key * shape_.key_width);
    const MemoryView values(steps.values_desc(0), v + first_key * shape_.value_width);
    steps.score(keys, space);
    mask(steps, first, space.scores.as<float>());
    steps.weigh({&values}, space);
  }

  /// Scores of keys that a query must not see.
  void mask(const AttentionSteps& steps, std::int64_t first, float* scores) const {
    for (std::int64_t row = 0; row < steps.rows(); ++row) {
      const std::int64_t seen = std::min(steps.keys(), shape_.keys_seen(first + row / group_));
      std::fill(scores + row * steps.keys() + seen, scores + (row + 1) * steps.keys(),
                -std::numeric_limits<float>::infinity());
    }
  }

  void copy_out(const AttentionSteps& steps, std::int64_t first, const AttentionSpace& space,
                Bf16* out) const {
    const Bf16* from = space.out.as<Bf16>();
    std::int64_t column = 0;
    for (std::size_t panel = 0; panel < steps.panels(); ++panel) {
      const std::int64_t width = steps.panel_width(panel);
      for (std::int64_t row = 0; row < steps.rows(); ++row, from += width) {
        Bf16* to = out +
                   (row / group_ * shape_.query_heads + row % group_) * shape_.value_width + column;
        // A query that sees no key: its softmax was over nothing.
        if (shape_.keys_seen(first + row / group_) == 0) {
          std::fill_n(to, width, Bf16{});
        } else {
          std::memcpy(to, from, static_cast<std::size_t>(width) * sizeof(Bf16));
        }
      }
      column += width;
    }
  }

  AttentionShape shape_;
  std::int64_t group_;
  OneDnnTeam team_;
  bool packs_;
  std::int64_t positions_ = 1;                                    ///< Of a block.
  std::map<std::pair<std::int64_t, std::int64_t>, Steps> steps_;  ///< By positions and keys.
  std::vector<Steps> block_steps_;
  std::unique_ptr<PackedHeads> packed_;
  std::vector<AttentionSpace> spaces_;
};

}  // namespace

AttentionMaker onednn_attention() {
  return {.implementation = "onednn",
          .ours = false,
          .absent = OneDnn::get().absent,
          .make = [](const AttentionShape& shape, Threads& threads) {
            return std::make_unique<OneDnnAttention>(shape, threads);
          }};
}

}  // namespace pingjia::kernels
