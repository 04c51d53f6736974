#include "kernels/measure/competing_load.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace pingjia::kernels {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessorTime processor_time() {
  ProcessorTime now;
  std::ifstream file("/proc/stat");
  std::string name;
  // proc(5): user nice system idle iowait irq softirq steal, in ticks; the rest is in user and
  // nice.
  constexpr int kFields = 8, kIdle = 3, kWaiting = 4;
  file >> name;
  for (int i = 0; i < kFields; ++i) {
    double ticks = 0;
    if (!(file >> ticks)) break;
    if (i != kIdle && i != kWaiting) now.busy += ticks;
  }
  now.busy /= static_cast<double>(sysconf(_SC_CLK_TCK));
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  now.own = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return now;
}

double competing_processors(const ProcessorTime& begin, const ProcessorTime& end, double seconds) {
  if (seconds <= 0) return 0;
  return std::max(0.0, (end.busy - begin.busy - (end.own - begin.own)) / seconds);
}

}  // namespace pingjia::kernels
