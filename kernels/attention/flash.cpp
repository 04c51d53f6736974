#include "kernels/attention/flash.h"

#include <algorithm>

namespace pingjia::kernels {
namespace {

constexpr std::int64_t kTaskRows = kMostPanels * kQueryRows;
/// Keys at a time for a panel of few rows: what is packed of them is still in the first cache when
/// it is read, and few rows make little of the sums' scaling.
constexpr std::int64_t kFewKeys = 64;

std::int64_t parts_of(std::int64_t whole, std::int64_t part) {
  return (whole + part - 1) / part;
}

}  // namespace

FlashAttention::FlashAttention(Isa isa, Threads& threads, std::int64_t key_width,
                               std::int64_t value_width)
    : parts_(isa, key_width, value_width), threads_(threads) {
  for (int thread = 0; thread < threads.count(); ++thread) spaces_.emplace_back(parts_);
}

bool FlashAttention::has_few_rows(const AttentionProblem& problem) const {
  return problem.rows() <= kTaskRows;
}

void FlashAttention::run(std::span<const AttentionProblem> problems) {
  std::vector<AttentionProblem> few, many;
  for (const AttentionProblem& problem : problems) {
    (has_few_rows(problem) ? few : many).push_back(problem);
  }
  if (!many.empty()) run_long(many);
  if (!few.empty()) run_short(few);
}

// Keys and values are packed once, for many tasks.
void FlashAttention::run_long(std::span<const AttentionProblem> problems) {
  struct Work {
    const AttentionProblem* problem;
    std::int64_t first;   ///< Key, or row.
    std::int64_t blocks;  ///< Place of the problem's first block.
  };
  std::vector<Work> blocks, tasks;
  for (const AttentionProblem& problem : problems) {
    const auto before = static_cast<std::int64_t>(blocks.size());
    for (std::int64_t key = 0; key < problem.key_length; key += kKeyBlock) {
      blocks.push_back({&problem, key, before});
    }
    for (std::int64_t row = 0; row < problem.rows(); row += kTaskRows) {
      tasks.push_back({&problem, row, before});
    }
  }
  // Late rows see more keys: the long tasks first, so that no thread ends with one.
  std::stable_sort(tasks.begin(), tasks.end(), [](const Work& a, const Work& b) {
    return a.problem->last_seen(a.first) > b.problem->last_seen(b.first);
  });
  const std::int64_t size = parts_.block_keys() + parts_.block_values();
  const std::int64_t bytes = static_cast<std::int64_t>(blocks.size()) * size * 2;
  if (packed_.bytes() < bytes) packed_ = Buffer(bytes);
  const auto packed = [&](std::int64_t block) { return packed_.as<Bf16>() + block * size; };
  threads_.run(std::ssize(blocks), [&](std::int64_t block, int) {
    const Work& work = blocks[static_cast<std::size_t>(block)];
    const std::int64_t count =
        std::min<std::int64_t>(kKeyBlock, work.problem->key_length - work.first);
    pack_block(parts_, *work.problem, work.first, count, packed(block),
               packed(block) + parts_.block_keys());
  });
  threads_.run(std::ssize(tasks), [&](std::int64_t task, int thread) {
    const MicroUse use(parts_.micro);
    const Work& work = tasks[static_cast<std::size_t>(task)];
    QueryPanels& panels = spaces_[static_cast<std::size_t>(thread)].panels;
    const std::int64_t rows = std::min(kTaskRows, work.problem->rows() - work.first);
    panels.begin(*work.problem, work.first, rows);
    const std::int64_t last = work.problem->last_seen(work.first + rows - 1);
    for (std::int64_t key = 0; key < last; key += kKeyBlock) {
      const Bf16* block = packed(work.blocks + key / kKeyBlock);
      const std::int64_t count = std::min<std::int64_t>(kKeyBlock, work.problem->key_length - key);
      panels.attend(key, count, block, block + parts_.block_keys());
    }
    panels.store();
  });
}

void FlashAttention::attend_part(const AttentionProblem& problem, const Part& part, Space& space,
                                 QueryPanels& panels) const {
  const MicroUse use(parts_.micro);
  panels.begin(problem, 0, problem.rows());
  for (std::int64_t key = part.first; key < part.last; key += kFewKeys) {
    const std::int64_t count = std::min<std::int64_t>(kFewKeys, part.last - key);
    auto* keys = space.keys.as<Bf16>();
    auto* values = space.values.as<Bf16>();
    if (panels.can_read_rows(count)) {
      pack_block(parts_, problem, key, count, nullptr, values);
      panels.attend_rows(key, count, values);
    } else {
      pack_block(parts_, problem, key, count, keys, values);
      panels.attend(key, count, keys, values);
    }
  }
}

// Each key is packed by the one task that needs it.
void FlashAttention::run_short(std::span<const AttentionProblem> problems) {
  // Four parts for each thread even out what one of them loses to somebody else; one part may also
  // be a whole problem.
  const std::int64_t wanted = std::int64_t{4} * threads_.count();
  const std::int64_t splits = parts_of(wanted, std::ssize(problems));
  std::vector<Part> tasks;
  std::vector<std::size_t> first_part;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const AttentionProblem& problem = problems[i];
    const std::int64_t first = problem.first_seen(0) / kKeyBlock * kKeyBlock;
    const std::int64_t last = problem.last_seen(problem.rows() - 1);
    const std::int64_t blocks = parts_of(std::max<std::int64_t>(last - first, 1), kKeyBlock);
    const std::int64_t step = parts_of(blocks, std::min(splits, blocks)) * kKeyBlock;
    first_part.push_back(tasks.size());
    for (std::int64_t key = first; key < std::max(last, first + 1); key += step) {
      tasks.push_back({i, key, std::min(last, key + step)});
    }
  }
  first_part.push_back(tasks.size());
  while (split_.size() < tasks.size()) split_.push_back(std::make_unique<QueryPanels>(parts_));
  threads_.run(std::ssize(tasks), [&](std::int64_t task, int thread) {
    const auto at = static_cast<std::size_t>(task);
    attend_part(problems[tasks[at].problem], tasks[at], spaces_[static_cast<std::size_t>(thread)],
                *split_[at]);
  });
  threads_.run(std::ssize(problems), [&](std::int64_t problem, int) {
    const auto at = static_cast<std::size_t>(problem);
    QueryPanels& whole = *split_[first_part[at]];
    for (std::size_t part = first_part[at] + 1; part < first_part[at + 1]; ++part) {
      whole.merge(*split_[part]);
    }
    whole.store();
  });
}

std::vector<AttentionProblem> problems_of(const AttentionShape& shape, const Bf16* q, const Bf16* k,
                                          const Bf16* v, Bf16* out) {
  const std::int64_t group = shape.query_heads / shape.kv_heads;
  std::vector<AttentionProblem> problems;
  for (std::int64_t batch = 0; batch < shape.batch; ++batch) {
    for (std::int64_t head = 0; head < shape.kv_heads; ++head) {
      const std::int64_t query = batch * shape.query_length * shape.query_heads + head * group;
      const std::int64_t key = batch * shape.key_length * shape.kv_heads + head;
      AttentionProblem problem;
      problem.q = q + query * shape.key_width;
      problem.q_stride = shape.query_heads * shape.key_width;
      problem.query_length = shape.query_length;
      problem.group = group;
      problem.keys = k + key * shape.key_width;
      problem.values = shape.values_in_keys ? problem.keys : v + key * shape.value_width;
      problem.key_stride = shape.kv_heads * shape.key_width;
      problem.value_stride =
          shape.kv_heads * (shape.values_in_keys ? shape.key_width : shape.value_width);
      problem.key_length = shape.key_length;
      problem.out = out + query * shape.value_width;
      problem.out_stride = shape.query_heads * shape.value_width;
      problem.scale = static_cast<float>(shape.scale());
      problem.causal = shape.causal;
      problem.window = shape.window;
      problems.push_back(problem);
    }
  }
  return problems;
}

namespace {

class FlashCall final : public AttentionCall {
 public:
  FlashCall(Isa isa, const AttentionShape& shape, Threads& threads)
      : shape_(shape), flash_(isa, threads, shape.key_width, shape.value_width) {}

  void run(const Bf16* q, const Bf16* k, const Bf16* v, Bf16* out) override {
    flash_.run(problems_of(shape_, q, k, v, out));
  }

 private:
  AttentionShape shape_;
  FlashAttention flash_;
};

}  // namespace

std::vector<AttentionMaker> our_attentions() {
  return our_makers<AttentionMaker>([](Isa isa) {
    return [isa](const AttentionShape& shape, Threads& threads) {
      return std::make_unique<FlashCall>(isa, shape, threads);
    };
  });
}

}  // namespace pingjia::kernels
