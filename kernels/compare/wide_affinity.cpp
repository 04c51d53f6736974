#include "kernels/compare/wide_affinity.h"

#include <sched.h>

#include "kernels/processor/threads.h"

namespace pingjia::kernels {

WideAffinity::WideAffinity(const std::vector<int>& processors) : before_(usable_processors()) {
  run_on(processors);
}

WideAffinity::~WideAffinity() {
  run_on(before_);
}

void run_on(const std::vector<int>& processors) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int processor : processors) CPU_SET(static_cast<std::size_t>(processor), &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace pingjia::kernels
