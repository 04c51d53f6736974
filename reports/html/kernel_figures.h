#pragma once

#include <string>
#include <vector>

#include "reports/kernel_cases.h"

namespace pingjia::reports {

/// One op in one type: its roofline and its heat map, each with its table. `id` begins the
/// figures' ids.
void write_kernel_figures(std::string& out, const std::string& id,
                          const harness::KernelTable& table, const KernelGroup& group,
                          const std::vector<Implementation>& known);

/// The implementation's mark and its name, escaped; marks of others are hollow.
std::string name_with_mark(const Implementation& one, std::size_t series);

}  // namespace pingjia::reports
