#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/spec/external_data.h"

namespace pingjia::harness {

/// Makes samples of a publisher's rows by a field map.
class RowReader {
 public:
  /// Compiles the map's patterns; throws Error for one that RE2 refuses. `data` must outlive it.
  explicit RowReader(const ExternalData& data);
  ~RowReader();

  /// Throws Error naming `where` for a row without the fields named, or of another type.
  Sample read(const nlohmann::json& row, std::size_t index, const std::string& where) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pingjia::harness
