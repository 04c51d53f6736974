#include "harness/summary/kernel_samples.h"

#include <fmt/format.h>

#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

namespace {

constexpr auto kTableFile = "kernels.json";
constexpr auto kSamplesFile = "kernels.samples";
constexpr auto kMend = "measure again: pingjia-kernels --out DIR";

void append(std::string& bytes, const std::vector<float>& values) {
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(bits >> shift & 0xFFu);
  }
}

float float_at(std::string_view bytes, std::size_t index) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    bits |= std::uint32_t{static_cast<unsigned char>(bytes[4 * index + i])} << (8 * i);
  }
  return std::bit_cast<float>(bits);
}

std::int64_t count(const std::optional<KernelTimes>& times) {
  return times ? times->samples : 0;
}

std::filesystem::path table_file(const std::filesystem::path& folder_or_file) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(folder_or_file, ignored);
  return folder ? folder_or_file / kTableFile : folder_or_file;
}

// `size` numbers from `first` on.
std::vector<float> take(std::string_view bytes, std::int64_t first, std::int64_t size,
                        const std::string& where) {
  std::vector<float> values;
  for (std::int64_t i = first; i < first + size; ++i) {
    const float value = float_at(bytes, static_cast<std::size_t>(i));
    if (!(std::isfinite(value) && value > 0)) {
      throw Error(where, fmt::format("number {} is {}, which is no time", i, value), kMend);
    }
    values.push_back(value);
  }
  return values;
}

}  // namespace

void write_kernels(const std::filesystem::path& folder, StoredKernels& kernels) {
  assert(kernels.samples.size() == kernels.table.rows.size());
  std::string bytes;
  for (std::size_t i = 0; i < kernels.table.rows.size(); ++i) {
    KernelRow& row = kernels.table.rows[i];
    const KernelSamples& samples = kernels.samples[i];
    assert(static_cast<std::int64_t>(samples.seconds.size()) == count(row.seconds));
    assert(static_cast<std::int64_t>(samples.cycles.size()) == count(row.cycles));
    row.first_sample = static_cast<std::int64_t>(bytes.size() / 4);
    append(bytes, samples.seconds);
    append(bytes, samples.cycles);
  }
  make_folder(folder);
  write_file(folder / kSamplesFile, bytes);
  write_file(folder / kTableFile, kernel_table_to_json(kernels.table).dump(1) + "\n");
}

bool has_kernels(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::exists(folder / kTableFile, ignored);
}

KernelTable read_kernel_table(const std::filesystem::path& folder_or_file) {
  const auto file = table_file(folder_or_file);
  return kernel_table_from_json(read_json_file(file), file.string());
}

StoredKernels read_kernels(const std::filesystem::path& folder_or_file) {
  StoredKernels kernels{read_kernel_table(folder_or_file), {}};
  const auto file = table_file(folder_or_file).parent_path() / kSamplesFile;
  const std::string bytes = read_file(file);
  std::int64_t expected = 0;
  for (const auto& row : kernels.table.rows) {
    if (row.first_sample != expected) {
      throw Error(table_file(folder_or_file).string(),
                  fmt::format("first_sample of {} is {}, and {} numbers stand before it",
                              kernel_row_name(row), row.first_sample, expected),
                  kMend);
    }
    expected += count(row.seconds) + count(row.cycles);
  }
  if (static_cast<std::int64_t>(bytes.size()) != 4 * expected) {
    throw Error(file.string(),
                fmt::format("holds {} bytes, and the rows of its table {} numbers "
                            "of 4",
                            bytes.size(), expected),
                kMend);
  }
  for (const auto& row : kernels.table.rows) {
    const auto seconds = count(row.seconds);
    kernels.samples.push_back(
        {take(bytes, row.first_sample, seconds, file.string()),
         take(bytes, row.first_sample + seconds, count(row.cycles), file.string())});
  }
  return kernels;
}

}  // namespace pingjia::harness
