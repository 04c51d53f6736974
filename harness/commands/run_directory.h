#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace pingjia::harness {

/// Where the files of one run are. Their names are a contract (README of harness/record).
struct RunDirectory {
  std::filesystem::path path;

  std::filesystem::path manifest() const { return path / "run.json"; }
  std::filesystem::path records() const { return path / "records.jsonl"; }
  std::filesystem::path sessions() const { return path / "sessions.jsonl"; }
  std::filesystem::path scores() const { return path / "scores.jsonl"; }
  std::filesystem::path summary() const { return path / "summary.json"; }
  std::filesystem::path report() const { return path / "report.html"; }
  std::filesystem::path suites() const { return path / "suites"; }
  std::filesystem::path logs() const { return path / "logs"; }
  std::string name() const;
};

/// Makes `path`, which must not hold a run yet. Throws Error.
RunDirectory create_run_directory(const std::filesystem::path& path);

/// An existing one. Throws Error when `path` holds no run.json.
RunDirectory open_run_directory(const std::filesystem::path& path);

/// run.json; throws Error for a newer schema.
nlohmann::json read_manifest(const RunDirectory& directory);

/// Takes away what a run that never sent a request has left behind.
void discard(const RunDirectory& directory);

}  // namespace pingjia::harness
