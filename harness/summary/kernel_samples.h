#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "harness/summary/kernel_table.h"

namespace pingjia::harness {

/// Every sample of one row, in the order measured.
struct KernelSamples {
  std::vector<float> seconds;
  std::vector<float> cycles;  ///< Of the same samples, or empty.
};

/// A table with the samples of its rows: as many as rows, an empty one for a row without times.
struct StoredKernels {
  KernelTable table;
  std::vector<KernelSamples> samples;
};

/// Writes folder/kernels.json and folder/kernels.samples: little-endian 32-bit floats, of each row
/// its seconds and then, where it has them, its cycles. Sets each row's first_sample; a row has as
/// many samples as its `seconds` and `cycles` say. Makes the folder. Throws Error when it cannot.
void write_kernels(const std::filesystem::path& folder, StoredKernels& kernels);

/// Whether the folder holds a kernels.json.
bool has_kernels(const std::filesystem::path& folder);

/// The table alone, of a folder or of a file kernels.json in it. Throws Error.
KernelTable read_kernel_table(const std::filesystem::path& folder_or_file);

/// The same with its samples. Throws Error when the file of samples is missing, has another length
/// than the table says, or holds what is no time (zero, negative, not finite).
StoredKernels read_kernels(const std::filesystem::path& folder_or_file);

}  // namespace pingjia::harness
