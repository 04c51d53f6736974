#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/record/record.h"

namespace pingjia::harness {

/// An append-only file of JSON lines. One line is one write(2), so a process killed at any
/// instant loses at most the line it was writing; a partial last line is cut off on opening.
class Journal {
 public:
  /// Opens for appending, creating the file; holds an exclusive lock while open. Throws Error when
  /// the file cannot be read, written or locked, or another process holds it.
  explicit Journal(const std::filesystem::path& file);
  ~Journal();
  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&&) = delete;

  /// Throws Error when the disk is full; the file then ends with the previous line.
  void append(const nlohmann::json& line);

  bool empty() const { return size_ == 0; }
  /// Bytes cut off on opening.
  std::size_t repaired() const { return repaired_; }

 private:
  void take();

  std::filesystem::path file_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::size_t repaired_ = 0;
};

/// What records.jsonl holds: line 1, then records.
struct JournalContents {
  std::string header;  ///< JSON of line 1: schema_version and environment.
  std::vector<Record> records;
};

/// Reads records.jsonl; an unfinished last line is passed over. Of several last attempts at one
/// question, which resuming a run makes of failures, only the latest stays one. Throws Error for a
/// newer schema or a broken line before the last.
JournalContents read_journal(const std::filesystem::path& file);

}  // namespace pingjia::harness
