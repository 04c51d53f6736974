#include <climits>
#include <stdexcept>

#include "kernels/cuda/bf16.cuh"
#include "kernels/cuda/launch.cuh"
#include "kernels/cuda/warp.cuh"
#include "kernels/moe/router_cuda.h"

namespace pingjia::kernels::cuda {
namespace {

constexpr float kLog2E = 1.44269504f;

/// One token in one warp. Lane l holds the experts l + 32 j, j < kEach.
template <int kEach>
struct Router {
  const RouterCall& call;
  int token;
  float score[kEach];   ///< Without bias.
  float choice[kEach];  ///< With it; minus infinity for experts there are not.
  bool open[kEach];     ///< Whether it may still be chosen.

  PINGJIA_DEVICE Router(const RouterCall& c, int t) : call(c), token(t) {}

  PINGJIA_DEVICE static int expert(int j) { return lane_index() + 32 * j; }

  PINGJIA_DEVICE void load() {
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) {
      open[j] = expert(j) < call.experts;
      const float logit =
          open[j] ? call.logits[std::int64_t{token} * call.experts + expert(j)] : -INFINITY;
      score[j] = logit == logit ? logit : -INFINITY;
    }
  }

  PINGJIA_DEVICE void take_scores() {
    float highest = -INFINITY, sum = 0;
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) highest = fmaxf(highest, score[j]);
    highest = warp_max(highest);
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) {
      score[j] = call.sigmoid ? 1 / (1 + exp2_fast(-score[j] * kLog2E))
                              : exp2_fast((score[j] - highest) * kLog2E);
      sum += score[j];
    }
    const float factor = call.sigmoid ? 1 : 1 / warp_sum(sum);
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) {
      score[j] *= factor;
      choice[j] = !open[j] ? -INFINITY : score[j] + (call.bias ? call.bias[expert(j)] : 0);
    }
  }

  /// The sum of a group's two best; the one alone in a group of one.
  PINGJIA_DEVICE float goodness(int group, int size) const {
    float best = -INFINITY, second = -INFINITY;
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) {
      if (expert(j) / size != group || !open[j]) continue;
      second = fmaxf(second, fminf(best, choice[j]));
      best = fmaxf(best, choice[j]);
    }
    for (int mask = 16; mask > 0; mask /= 2) {
      const float other = shuffle_xor(best, mask), other_second = shuffle_xor(second, mask);
      second = fmaxf(fmaxf(second, other_second), fminf(best, other));
      best = fmaxf(best, other);
    }
    return size == 1 ? best : best + second;
  }

  PINGJIA_DEVICE void close_groups() {
    const int size = call.experts / call.groups;
    float mine = -INFINITY;  // Lane g keeps the goodness of group g.
    for (int group = 0; group < call.groups; ++group) {
      const float good = goodness(group, size);
      if (lane_index() == group) mine = good;
    }
    int better = 0;
    for (int group = 0; group < call.groups; ++group) {
      const float other = shuffle(mine, group);
      better += other > mine || (other == mine && group < lane_index());
    }
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) {
      const int group = open[j] ? expert(j) / size : 0;
      open[j] = shuffle(better, group) < call.kept_groups && open[j];
    }
  }

  /// The best of the open experts, which it closes. Every lane gets the expert and its score.
  PINGJIA_DEVICE int choose(float& weight) {
    float best = -INFINITY;
    int which = INT_MAX;
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) {
      if (open[j] && (which == INT_MAX || choice[j] > best)) best = choice[j], which = expert(j);
    }
    for (int mask = 16; mask > 0; mask /= 2) {
      const float other = shuffle_xor(best, mask);
      const int other_which = shuffle_xor(which, mask);
      // A lane without an open expert loses against any other.
      const bool wins = other_which != INT_MAX && (which == INT_MAX || other > best ||
                                                   (other == best && other_which < which));
      if (wins) best = other, which = other_which;
    }
    float mine = 0;
    PINGJIA_UNROLL
    for (int j = 0; j < kEach; ++j) {
      if (expert(j) != which) continue;
      mine = score[j];
      open[j] = false;
    }
    weight = shuffle(mine, which % 32);
    return which;
  }

  PINGJIA_DEVICE void run() {
    load();
    take_scores();
    if (call.groups > 1) close_groups();
    // Lane i keeps choice i; there are at most 32.
    int chosen = 0;
    float kept = 0;
    for (int i = 0; i < call.top; ++i) {
      float weight = 0;
      const int which = choose(weight);
      if (lane_index() == i) chosen = which, kept = weight;
    }
    const float sum = warp_sum(kept);
    const float factor = call.scale * (call.normalised && sum > 0 ? 1 / sum : 1);
    if (lane_index() < call.top) {
      const std::int64_t at = std::int64_t{token} * call.top + lane_index();
      call.chosen[at] = chosen;
      call.weights[at] = kept * factor;
    }
  }
};

constexpr int kWarps = 4;

template <int kEach>
PINGJIA_KERNEL(32 * kWarps, 1)
router_kernel(PINGJIA_PARAMETER RouterCall call) {
  const int token = block_x() * kWarps + warp_index();
  if (token < call.tokens) Router<kEach>(call, token).run();
}

template <int kEach>
void start(const RouterCall& call, Stream stream) {
  launch(router_kernel<kEach>, {.x = (call.tokens + kWarps - 1) / kWarps, .threads = 32 * kWarps},
         stream, call);
}

}  // namespace

void route(const RouterCall& call, Stream stream) {
  const bool even = call.groups >= 1 && call.groups <= 32 && call.experts % call.groups == 0;
  const int choosable = even ? call.experts / call.groups * call.kept_groups : 0;
  if (!even || call.experts > 512 || call.top > 32 || call.top > choosable ||
      call.kept_groups > call.groups) {
    throw std::invalid_argument(
        "the router on CUDA chooses at most 32 of at most 512 experts in at most 32 equal groups");
  }
  if (call.experts <= 32) return start<1>(call, stream);
  if (call.experts <= 64) return start<2>(call, stream);
  if (call.experts <= 128) return start<4>(call, stream);
  if (call.experts <= 256) return start<8>(call, stream);
  start<16>(call, stream);
}

}  // namespace pingjia::kernels::cuda
