#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace pingjia::adapters {

/// What the chunks of a reply have said so far; JSON that is read once, at the end, is kept as it
/// came.
struct ChatParts {
  std::string text;
  std::string reasoning;
  std::string refusal;
  std::string model;
  std::string service_tier;        ///< The last one named.
  std::string finish;              ///< The last finish reason.
  std::string usage_json;          ///< The last usage object.
  std::string timings_json;        ///< llama-server's own.
  std::string error_json;          ///< The first in-band error: the whole chunk.
  bool broken_surrogates = false;  ///< Text holds UTF-16 halves as three bytes each.
};

/// What one chunk brought.
struct ChunkNews {
  bool valid = true;    ///< It was JSON.
  bool choice = false;  ///< It had a choice, even without text.
  bool visible = false;
  bool reasoning = false;
  bool error = false;
};

/// Reads chunks of the OpenAI chat dialect, streamed (`delta`) or whole (`message`), with simdjson
/// On-Demand in place. Keys may come in any order; unknown ones are passed over. Choices other
/// than the first are ignored: one is all we ask for.
class ChunkReader {
 public:
  ChunkReader();
  ~ChunkReader();
  ChunkReader(const ChunkReader&) = delete;
  ChunkReader& operator=(const ChunkReader&) = delete;

  /// `json` has kReadPadding readable bytes after it.
  ChunkNews read(std::string_view json, ChatParts& parts);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pingjia::adapters
