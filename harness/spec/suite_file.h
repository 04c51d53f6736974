#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "harness/spec/external_data.h"
#include "harness/spec/suite.h"

namespace pingjia::harness {

/// Of suite files. A newer one is refused.
inline constexpr int kSuiteSchemaVersion = 1;

/// A suite file as written: its samples are inline, or `data` says where they come from.
struct SuiteFile {
  Suite suite;
  std::optional<ExternalData> data;
  std::optional<ExternalData> shot_data;
  std::optional<ExternalData> preambles;
};

/// Checks every key and value of a suite file but the samples' fit. Throws Error naming `where`.
SuiteFile parse_suite_file(const nlohmann::json& json, const std::string& where);

/// What a suite's external data is, for whoever fetches it: samples, shots, preambles.
struct SuiteData {
  std::string file;  ///< The suite file.
  std::vector<ExternalData> parts;
};
SuiteData describe_data(const std::string& name, std::span<const std::filesystem::path> folders);

/// Checks what needs protocols and samples together: ids are there and unique, gold letters are
/// among the choices, templates ask for nothing a sample lacks, no shot is one of the samples.
void check_samples(const Suite& suite, const std::string& where);

}  // namespace pingjia::harness
