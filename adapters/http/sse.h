#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pingjia::adapters {

/// One server-sent event. Views hold until the next call of the parser.
struct SseEvent {
  std::string_view data;
  std::string_view type;      ///< Of its `event` field; empty where there was none.
  std::size_t end = 0;        ///< Bytes of the fed piece up to and with the event's last byte.
  bool unterminated = false;  ///< The stream ended before its blank line.
};

/// Parses a stream of server-sent events by the rules of the WHATWG HTML standard ("Parsing an
/// event stream"), from pieces cut anywhere, in time linear in the bytes. Works on bytes: data is
/// handed on as it came, complete, never split. One deviation: an event that the end of the
/// stream cut from its blank line is delivered and flagged, since model servers end so. `id` and
/// `retry` serve reconnecting, which nobody here does: they are read over.
///
///     parser.feed(piece);
///     while (parser.next(event)) …
///     …
///     if (parser.finish(event)) …   // the flagged tail
///
/// Where a piece has kReadPadding readable bytes after it, so has every `data` of its events.
class SseParser {
 public:
  /// Starts on a piece, which must outlive the `next` calls. The piece before must be used up.
  void feed(std::string_view piece);
  /// The next complete event; false when the piece is used up.
  bool next(SseEvent& event);
  /// The event that the end of the stream left without a blank line, if any.
  bool finish(SseEvent& event);

  /// Lines that began with a colon: proof of life, no more.
  std::int64_t comments() const { return comments_; }
  /// Lines with a field this standard knows.
  std::int64_t fields() const { return fields_; }

 private:
  bool take_bom();
  bool next_line(std::string_view& line);
  bool take_line(std::string_view line, SseEvent& event);
  void take_data(std::string_view value);
  bool dispatch(SseEvent& event);
  void keep_rest();

  std::string_view piece_;
  std::size_t at_ = 0;
  std::optional<std::size_t> lf_;  // Where the piece's next LF is; its size when there is none.
  int bom_ = 0;                    // Bytes of a byte order mark seen; 3 when its place is past.
  bool skip_lf_ = false;           // The last line ended with CR: a LF now belongs to it.
  bool carrying_ = false;          // `carry_` holds the start of a line.
  std::string carry_;
  bool has_data_ = false;
  bool joined_ = false;  // The data is in `joined_data_`, not in the piece.
  std::string_view data_;
  std::string joined_data_;
  std::string type_;
  std::string event_type_;  // What the delivered event's view shows.
  std::int64_t comments_ = 0;
  std::int64_t fields_ = 0;
};

}  // namespace pingjia::adapters
