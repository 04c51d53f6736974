#include "harness/spec/data_lock.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/json_file.h"

namespace pingjia::harness {

namespace {

constexpr int kLockSchemaVersion = 1;

}  // namespace

DataLock::DataLock(std::filesystem::path folder) : path_(folder / "pingjia.lock.json") {
  std::error_code ignored;
  if (!std::filesystem::exists(path_, ignored)) return;
  const auto json = read_json_file(path_);
  Fields fields(json, path_.string());
  fields.schema_version(kLockSchemaVersion);
  for (auto& entry : fields.list("files")) {
    LockedFile locked;
    locked.sha256 = entry.text("sha256");
    locked.bytes = static_cast<std::uintmax_t>(entry.integer("bytes", 0));
    locked.rows = static_cast<std::size_t>(entry.integer("rows", 0));
    locked.from = entry.text("from");
    locked.revision = entry.text("revision");
    locked.fetched = entry.text("fetched");
    files_[entry.text("file")] = locked;
    entry.done();
  }
  fields.done();
}

std::optional<LockedFile> DataLock::find(const std::string& file) const {
  const auto known = files_.find(file);
  return known == files_.end() ? std::nullopt : std::optional(known->second);
}

void DataLock::put(const std::string& file, const LockedFile& locked) {
  files_[file] = locked;
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [name, entry] : files_) {
    list.push_back({{"file", name},
                    {"sha256", entry.sha256},
                    {"bytes", entry.bytes},
                    {"rows", entry.rows},
                    {"from", entry.from},
                    {"revision", entry.revision},
                    {"fetched", entry.fetched}});
  }
  const nlohmann::json json{{"schema_version", kLockSchemaVersion}, {"files", list}};
  write_file(path_, json.dump(2) + "\n");
}

}  // namespace pingjia::harness
