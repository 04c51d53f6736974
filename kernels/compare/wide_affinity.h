#pragma once

#include <vector>

namespace pingjia::kernels {

/// While it lives the calling thread may run on all of `processors`. Threads pins the caller to one
/// of them, and what a library starts meanwhile would inherit that: all its workers on one
/// processor.
class WideAffinity {
 public:
  explicit WideAffinity(const std::vector<int>& processors);
  ~WideAffinity();
  WideAffinity(const WideAffinity&) = delete;
  WideAffinity& operator=(const WideAffinity&) = delete;

 private:
  std::vector<int> before_;
};

/// The calling thread may run on these only. Best effort: some containers forbid it.
void run_on(const std::vector<int>& processors);

}  // namespace pingjia::kernels
