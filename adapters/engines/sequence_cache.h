#pragma once

#include <cstdint>
#include <vector>

#include "adapters/engines/llama_engine.h"

namespace pingjia::adapters::engines {

/// What each sequence of the engine holds, kept after a request has ended, so that the next one
/// with the same beginning (a few-shot prefix, a system message) need not decode it again.
class SequenceCache {
 public:
  /// `reuse` false: every request begins with an empty sequence.
  SequenceCache(LlamaEngine& engine, bool reuse);

  const std::vector<int>& tokens(int sequence) const { return held_[index(sequence)]; }
  /// Where `sequence` and `wanted` begin to differ.
  std::size_t common(int sequence, const std::vector<int>& wanted) const;

  /// The sequence of `free` that shares most with `wanted`, else the one unused for longest.
  int choose(const std::vector<int>& free, const std::vector<int>& wanted) const;

  /// Makes `sequence` hold a beginning of `wanted` of at most `most` tokens; returns how many.
  std::size_t prepare(int sequence, const std::vector<int>& wanted, std::size_t most);
  /// Makes `to` hold what `from` holds.
  void copy(int from, int to);

  void append(int sequence, int token) { held_[index(sequence)].push_back(token); }
  void forget(int sequence);
  /// `sequence` was in use until now.
  void touch(int sequence) { used_[index(sequence)] = ++clock_; }

 private:
  static std::size_t index(int sequence) { return static_cast<std::size_t>(sequence); }

  LlamaEngine& engine_;
  bool reuse_;
  std::int64_t clock_ = 0;
  std::vector<std::vector<int>> held_;
  std::vector<std::int64_t> used_;
};

}  // namespace pingjia::adapters::engines
