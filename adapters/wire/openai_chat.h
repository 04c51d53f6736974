#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/read.h"
#include "adapters/http/sse.h"
#include "adapters/wire/chat_chunk.h"
#include "adapters/wire/openai_error.h"
#include "harness/record/completion.h"
#include "harness/spec/request.h"

namespace pingjia::adapters {

/// How one endpoint of the OpenAI chat dialect wants to be asked. Empty field names are not sent.
struct OpenAiChatStyle {
  std::string model;
  std::string max_tokens_field = "max_tokens";
  std::string seed_field = "seed";
  std::string top_k_field;  ///< Most know none.
  bool stream = true;
  bool include_usage = true;      ///< Sends stream_options.include_usage.
  std::string extra_body = "{}";  ///< JSON object merged over the body; null removes a key.
};

/// The body of a POST to /chat/completions. Only what differs from the dialect's defaults is sent:
/// some servers refuse a field they do not know.
std::string encode_openai_chat(const harness::Request& request, const OpenAiChatStyle& style);

/// Decodes one reply: a stream of events or one JSON value, whatever its content type says.
/// Fed with the body as it came, it stamps text by the read that brought it.
class OpenAiChatDecoder {
 public:
  /// `reader` may serve many decoders of one thread, and outlives them.
  explicit OpenAiChatDecoder(ChunkReader& reader) : reader_(reader) {}

  /// The next piece of the body, with kReadPadding readable bytes after it.
  void feed(std::string_view piece, std::span<const Read> reads);
  /// One event's JSON, where a recording has no framing; padded like a piece.
  void feed_event(std::string_view json, std::string_view type, harness::Nanos at);

  /// When text last came.
  std::optional<harness::Nanos> last_content() const { return timeline_.last_token; }
  /// The stream said that nothing more follows.
  bool terminated() const { return done_seen_; }

  /// The answer; `cut` when the transport ended before the body was complete. The timeline has the
  /// stamps of its content only. Call once.
  harness::Completion finish(const ReplyHead& head, bool cut);

 private:
  enum class Form { kUnknown, kStream, kJson };

  void sniff(std::string_view piece);
  void feed_stream(std::string_view piece, std::span<const Read> reads);
  void stamp(const ChunkNews& news, harness::Nanos at);
  void finish_json(const ReplyHead& head, bool cut, harness::Completion& completion);
  void finish_stream(const ReplyHead& head, bool cut, harness::Completion& completion);
  void fill(harness::Completion& completion);
  void fail(harness::Completion& completion, harness::FailureClass kind, int status,
            const std::string& message) const;

  ChunkReader& reader_;
  SseParser parser_;
  ChatParts parts_;
  harness::Timeline timeline_;
  Form form_ = Form::kUnknown;
  std::string whole_;  // A JSON body, or the beginning of anything else, for error texts.
  harness::Nanos last_read_ = 0;
  bool done_seen_ = false;
  bool unterminated_ = false;
  std::string bad_event_;  // The first event that was no JSON.
  std::int64_t events_ = 0;
};

/// Whole recorded replies: an event stream, one event's JSON a line, or one JSON value.
harness::Completion decode_openai(std::string_view body);

}  // namespace pingjia::adapters
