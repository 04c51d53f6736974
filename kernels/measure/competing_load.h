#pragma once

namespace pingjia::kernels {

/// Processor seconds so far: of the whole machine without idling, and of this process.
struct ProcessorTime {
  double busy = 0;
  double own = 0;
};

/// Now, from /proc/stat and getrusage. Zeros where there is no /proc.
ProcessorTime processor_time();

/// Processors that others kept busy between the two, `seconds` apart: 0.5 is half of one.
double competing_processors(const ProcessorTime& begin, const ProcessorTime& end, double seconds);

}  // namespace pingjia::kernels
