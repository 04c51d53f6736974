#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "harness/record/completion.h"
#include "harness/spec/request.h"

namespace pingjia::harness {

/// Of records.jsonl, scores.jsonl, run.json and summary.json. A newer one is refused.
inline constexpr int kSchemaVersion = 1;

/// Which attempt at which sample by which system.
struct RecordKey {
  std::string system;
  std::string suite;  ///< "suite/protocol": the protocol is part of the name.
  std::string sample;
  int repeat = 0;
  int attempt = 0;  ///< 0 first; a retry is a new attempt with its own record and cost.

  auto operator<=>(const RecordKey&) const = default;
};

/// The id of the request: the key's parts, joined by "|".
std::string request_id(const RecordKey& key);

/// One line of records.jsonl: what was asked, what came back, when.
struct Record {
  RecordKey key;
  int session = 0;           ///< How many times the run had been started or resumed before.
  bool last_attempt = true;  ///< No further attempt was made; this one counts.
  Request request;
  Completion completion;
  /// Seconds since 1970 UTC when it was sent. Not in the line: a reader works it out from the
  /// clocks of run.json.
  std::optional<std::int64_t> sent_at;
};

/// Text is made valid UTF-8 (U+FFFD for what is not); stamps are nanoseconds.
nlohmann::json to_json(const Record& record);

/// Throws Error naming `where` for a line of another shape.
Record record_from_json(const nlohmann::json& line, const std::string& where);

}  // namespace pingjia::harness
