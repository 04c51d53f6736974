#include "adapters/engines/sequence_cache.h"

#include <algorithm>

namespace pingjia::adapters::engines {

SequenceCache::SequenceCache(LlamaEngine& engine, bool reuse)
    : engine_(engine),
      reuse_(reuse),
      held_(static_cast<std::size_t>(engine.sequences())),
      used_(static_cast<std::size_t>(engine.sequences()), 0) {}

std::size_t SequenceCache::common(int sequence, const std::vector<int>& wanted) const {
  const std::vector<int>& held = tokens(sequence);
  const auto [end, unused] = std::mismatch(held.begin(), held.end(), wanted.begin(), wanted.end());
  return static_cast<std::size_t>(end - held.begin());
}

int SequenceCache::choose(const std::vector<int>& free, const std::vector<int>& wanted) const {
  return *std::max_element(free.begin(), free.end(), [&](int a, int b) {
    const std::size_t shared_a = common(a, wanted);
    const std::size_t shared_b = common(b, wanted);
    return shared_a != shared_b ? shared_a < shared_b : used_[index(a)] > used_[index(b)];
  });
}

std::size_t SequenceCache::prepare(int sequence, const std::vector<int>& wanted, std::size_t most) {
  std::vector<int>& held = held_[index(sequence)];
  const std::size_t keep = reuse_ ? std::min(common(sequence, wanted), most) : 0;
  if (held.size() > keep) {
    const bool kept = engine_.truncate(sequence, static_cast<int>(keep));
    held.resize(kept ? keep : 0);
  }
  return held.size();
}

void SequenceCache::copy(int from, int to) {
  engine_.copy(from, to);
  held_[index(to)] = tokens(from);
}

void SequenceCache::forget(int sequence) {
  engine_.truncate(sequence, 0);
  held_[index(sequence)].clear();
}

}  // namespace pingjia::adapters::engines
