#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/attention/call.h"
#include "kernels/attention/query_panels.h"

namespace pingjia::kernels {

/// softmax(scale q k^T) v in one pass over the keys (Dao et al., "FlashAttention", 2022): scores
/// stay in the caches. For prefill and decode alike: where a problem's rows are few, its keys are
/// split between the threads and the parts joined (Dao et al., "Flash-Decoding", 2023). Products
/// are of bf16, weights rounded to bf16 before they meet the values, sums in fp32.
class FlashAttention {
 public:
  FlashAttention(Isa isa, Threads& threads, std::int64_t key_width, std::int64_t value_width);

  /// Each output is written once; a row that sees no key gives zeros. Problems do not share
  /// outputs.
  void run(std::span<const AttentionProblem> problems);

 private:
  /// The keys [first, last) of a problem.
  struct Part {
    std::size_t problem;
    std::int64_t first, last;
  };
  /// One thread's rows, and the block of keys that it packs for itself.
  struct Space {
    explicit Space(const AttentionParts& parts)
        : panels(parts), keys(parts.block_keys() * 2), values(parts.block_values() * 2) {}
    QueryPanels panels;
    Buffer keys, values;
  };

  bool has_few_rows(const AttentionProblem& problem) const;
  void run_long(std::span<const AttentionProblem> problems);
  void run_short(std::span<const AttentionProblem> problems);
  void attend_part(const AttentionProblem& problem, const Part& part, Space& space,
                   QueryPanels& panels) const;

  AttentionParts parts_;
  Threads& threads_;
  std::vector<Space> spaces_;                        ///< One for each thread.
  std::vector<std::unique_ptr<QueryPanels>> split_;  ///< One for each part of split problems.
  Buffer packed_;                                    ///< Blocks of problems with many rows.
};

/// The problems of one call: one for each sequence and head of keys and values.
std::vector<AttentionProblem> problems_of(const AttentionShape& shape, const Bf16* q, const Bf16* k,
                                          const Bf16* v, Bf16* out);

/// FlashAttention for each instruction set that is here, the best first.
std::vector<AttentionMaker> our_attentions();

}  // namespace pingjia::kernels
