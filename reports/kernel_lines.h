#pragma once

#include <string>
#include <vector>

#include "harness/summary/report.h"

namespace pingjia::reports {

/// A table of kernels for a terminal, at most 118 columns wide: a grid per op and type, then rows
/// without a result.
std::string kernel_text(const harness::KernelTable& table);

/// For a comment: of each op and type how ours stand, and a line per shape with our best and the
/// best other, as many as `most` bytes hold. Texts are escaped by `escape`.
std::string kernel_markdown(const harness::KernelTable& table, std::size_t most,
                            std::string (*escape)(std::string_view));

/// The rows as those of a summary, so that what prints metrics prints them: the system is the
/// implementation, the suite what it did; `kernel_seconds`, `kernel_roof_fraction`, `kernel_lead`.
std::vector<harness::SummaryRow> kernel_summary(const harness::KernelTable& table);

}  // namespace pingjia::reports
