#include "kernels/compare/onednn/team.h"

#include <atomic>

#include "kernels/compare/onednn/onednn.h"
#include "kernels/compare/wide_affinity.h"

namespace pingjia::kernels {
namespace {

struct Tasks {
  const std::function<void(std::int64_t, int)>* work;
  std::int64_t count;
  std::atomic<std::int64_t> next{0};
};

void take_tasks(void* data) {
  auto* tasks = static_cast<Tasks*>(data);
  const int thread = OneDnn::get().omp_get_thread_num();
  for (std::int64_t task = tasks->next++; task < tasks->count; task = tasks->next++) {
    (*tasks->work)(task, thread);
  }
}

void pin_one_each(void* data) {
  const auto& processors = *static_cast<const std::vector<int>*>(data);
  const auto thread = static_cast<std::size_t>(OneDnn::get().omp_get_thread_num());
  run_on({processors[thread]});
}

}  // namespace

OneDnnTeam::OneDnnTeam(const Threads& threads) : count_(threads.count()) {
  use(count_);
  // A thread starts where its maker may run.
  const WideAffinity wide(threads.processors());
  std::vector<int> processors = threads.processors();
  if (static_cast<std::size_t>(count_) > processors.size()) return;
  OneDnn::get().omp_parallel(pin_one_each, &processors, static_cast<unsigned>(count_), 0);
}

void OneDnnTeam::use(int threads) const {
  OneDnn::get().omp_set_num_threads(threads);
}

void OneDnnTeam::run(std::int64_t tasks,
                     const std::function<void(std::int64_t task, int thread)>& work) const {
  Tasks all{&work, tasks};
  OneDnn::get().omp_parallel(take_tasks, &all, static_cast<unsigned>(count_), 0);
}

}  // namespace pingjia::kernels
