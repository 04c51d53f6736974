#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/external_data.h"

namespace pingjia::harness {

/// A row as its publisher wrote it, and where it stands.
struct DataRow {
  std::unique_ptr<nlohmann::json> object;  ///< By pointer: json.hpp stays out of headers.
  std::string where;                       ///< "file: row 3"
};

/// All rows of one file: of its members, when it is an archive. Each row that lacks a field
/// "subject" gets the one that its file's or member's name holds.
class DataRows {
 public:
  /// Throws Error naming `where` for damaged bytes or text of another format.
  DataRows(const ExternalData& data, std::string_view bytes, const std::string& where,
           const std::string& subject);
  ~DataRows();
  DataRows(const DataRows&) = delete;
  DataRows& operator=(const DataRows&) = delete;

  const std::vector<DataRow>& rows() const { return rows_; }

 private:
  void add_text(const ExternalData& data, std::string_view text, const std::string& where,
                const std::string& subject);
  void add(nlohmann::json object, const std::string& where, const std::string& subject);

  std::vector<DataRow> rows_;
};

/// What "{subject}" stands for when `path` fits `pattern`; nothing when it does not. A pattern
/// without it fits itself alone, and its subject is empty.
bool fits_pattern(std::string_view path, std::string_view pattern, std::string& subject);

/// `pattern` with `subject` put in.
std::string with_subject(std::string pattern, const std::string& subject);

}  // namespace pingjia::harness
