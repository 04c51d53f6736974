#pragma once

#include <filesystem>
#include <string>

#include "harness/commands/world.h"
#include "harness/spec/external_data.h"

namespace pingjia::harness {

/// A file as its origin gave it.
struct OriginFile {
  std::string bytes;
  std::string from;      ///< URL, or data set with configuration and split.
  std::string revision;  ///< Commit of a data set; empty where the origin names none.
};

/// Fetches one file of `origin`, with {subject} put in. What has come is kept in `part`, so that a
/// broken fetch goes on where it stopped, as long as nothing has changed there; `part` is gone
/// afterwards. Throws Error for a refusal, for data that changes while it is read, and when the
/// network fails six times in a row.
OriginFile fetch_origin(const World& world, DataOrigin origin, const std::string& subject,
                        const std::filesystem::path& part);

}  // namespace pingjia::harness
