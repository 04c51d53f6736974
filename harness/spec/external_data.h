#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/base/fields.h"
#include "harness/spec/sample.h"

namespace pingjia::harness {

/// The "data" of a suite file: samples that lie in a file of their publisher's, pinned by hash.
struct ExternalData {
  std::string file;    ///< Relative to a data folder, "/" between its parts.
  std::string sha256;  ///< Lower-case hexadecimal, of the whole file.
  std::string format;  ///< "jsonl": one JSON object a line.
  std::size_t count = 0;
  std::string id;  ///< Of each sample; {index} is its row, from 0. Empty where a field has it.
  /// Our name (id, question, gold, choices, cluster) -> the publisher's.
  std::map<std::string, std::string> fields;
};

/// Reads and checks the keys of a "data" object.
ExternalData parse_external_data(Fields fields);

/// Finds the file in the first of `folders` that has it and reads its samples. Throws Error when no
/// folder has it, when its hash or count differs from what the suite file (`where`) says, and for a
/// row without the fields named: a score over other data than stated is worse than none.
std::vector<Sample> read_external_data(const ExternalData& data,
                                       std::span<const std::filesystem::path> folders,
                                       const std::string& where);

}  // namespace pingjia::harness
