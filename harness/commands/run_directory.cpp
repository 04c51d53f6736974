#include "harness/commands/run_directory.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"
#include "harness/record/record.h"

namespace pingjia::harness {

std::string RunDirectory::name() const {
  const auto absolute = std::filesystem::absolute(path).lexically_normal();
  const auto last = absolute.filename();
  return (last.empty() ? absolute.parent_path().filename() : last).string();
}

RunDirectory create_run_directory(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(path / "run.json", ignored)) {
    throw Error(
        path.string(), "holds a run already",
        "go on with it by 'pingjia run --resume " + path.string() + "', or choose another --out");
  }
  if (std::filesystem::exists(path / "records.jsonl", ignored)) {
    throw Error(path.string(), "holds records of a run without its run.json",
                "restore run.json from a copy, or choose another --out");
  }
  make_folder(path);
  return {path};
}

RunDirectory open_run_directory(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path / "run.json", ignored)) {
    throw Error(path.string(), "is not a run directory (it holds no run.json)",
                "name a folder that 'pingjia run' made, such as runs/NAME");
  }
  return {path};
}

nlohmann::json read_manifest(const RunDirectory& directory) {
  auto manifest = read_json_file(directory.manifest());
  const std::string where = directory.manifest().string();
  if (!manifest.is_object() || !manifest.contains("schema_version")) {
    throw Error(where, "is not a run's manifest", "restore it from a copy");
  }
  if (manifest["schema_version"].get<int>() > kSchemaVersion) {
    throw Error(where,
                "written by a newer pingjia (schema " + manifest["schema_version"].dump() + ")",
                "update pingjia");
  }
  return manifest;
}

void discard(const RunDirectory& directory) {
  std::error_code ignored;
  for (const auto& file : {directory.manifest(), directory.records(), directory.sessions()}) {
    std::filesystem::remove(file, ignored);
  }
  std::filesystem::remove_all(directory.suites(), ignored);
  // The engine's log stays: it says why the engine did not start.
  std::filesystem::remove(directory.logs(), ignored);
  std::filesystem::remove(directory.path, ignored);
}

}  // namespace pingjia::harness
