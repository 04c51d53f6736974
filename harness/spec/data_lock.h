#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace pingjia::harness {

/// What `pingjia fetch` has once received for a file of a data folder.
struct LockedFile {
  std::string sha256;
  std::uintmax_t bytes = 0;
  std::size_t rows = 0;
  std::string from;      ///< URL, or data set.
  std::string revision;  ///< Commit of the data set; empty where the origin names none.
  std::string fetched;   ///< When.
};

/// pingjia.lock.json of a data folder: file -> what it was. It pins the files for which a suite
/// file knows no hash: the first fetch decides, and every later one must agree.
class DataLock {
 public:
  /// Reads it; a missing file is an empty lock. Throws Error for a damaged one.
  explicit DataLock(std::filesystem::path folder);

  std::optional<LockedFile> find(const std::string& file) const;
  /// Writes the whole lock, atomically.
  void put(const std::string& file, const LockedFile& locked);

 private:
  std::filesystem::path path_;
  std::map<std::string, LockedFile> files_;
};

}  // namespace pingjia::harness
