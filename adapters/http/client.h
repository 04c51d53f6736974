#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/read.h"
#include "harness/base/loop.h"

namespace pingjia::adapters {

/// Limits are nanoseconds after the request was handed over; 0 is no limit.
struct HttpLimits {
  harness::Nanos connect = 0;
  harness::Nanos idle = 0;     ///< Since the last byte of any kind.
  harness::Nanos content = 0;  ///< Since the last content, as the listener tells it.
  harness::Nanos total = 0;
};

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::string> headers;  ///< "Name: value".
  std::string body;
  HttpLimits limits;
};

/// How a request ended, whatever its status.
enum class HttpEnd {
  kComplete,
  kConnectFailed,  ///< Name lookup, connection or TLS failed.
  kReset,          ///< The peer went away before the first byte of a reply.
  kCut,            ///< The peer went away inside the reply.
  kMalformed,      ///< Not HTTP/1.x.
  kTooLarge,       ///< The body passed the cap.
  kConnectTimeout,
  kIdleTimeout,
  kContentTimeout,
  kTotalTimeout,
  kCancelled,
};

/// Everything about a reply but its body.
struct HttpReply {
  HttpEnd end = HttpEnd::kComplete;
  std::string error;  ///< The transport's words when `end` is not kComplete.
  int status = 0;     ///< 0 when no head came.
  std::string retry_after;
  std::string retry_after_ms;
  std::string date;
  std::string location;
  std::string request_id;
  harness::Nanos sent = 0;
  std::optional<harness::Nanos> first_byte;
  harness::Nanos done = 0;
  bool reused = false;  ///< No new connection was made for it.
};

/// Receives one reply. Called after the ready list of a turn is drained, so that slow work here
/// never delays the stamp of another stream's bytes. May start or cancel requests.
class HttpListener {
 public:
  virtual ~HttpListener() = default;
  /// The next piece of the body, kReadPadding readable bytes after it, and the reads it came in.
  virtual void body(std::string_view bytes, std::span<const Read> reads) = 0;
  /// When content last came; asked only when the content limit may have passed.
  virtual std::optional<harness::Nanos> last_content() const { return std::nullopt; }
  /// The end, exactly once; the listener may be destroyed by it.
  virtual void done(const HttpReply& reply) = 0;
};

struct HttpSettings {
  std::size_t connections = 64;                  ///< Kept open when idle.
  std::size_t body_cap = std::size_t{64} << 20;  ///< Bytes.
  std::string proxy;                             ///< Empty: none. Never used for loopback.
  std::string no_proxy;                          ///< Hosts reached without it, comma-separated.
  std::string user_agent = "pingjia";
};

/// HTTP/1.1 on the loop: one stream per connection, TCP_NODELAY, no Expect, no redirects, no
/// content encoding, connections reused. libcurl's multi handle driven by readiness
/// (curl_multi_socket_action), which costs O(ready) a turn.
class HttpClient {
 public:
  using Id = std::uint64_t;

  HttpClient(harness::Loop& loop, const HttpSettings& settings);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Hands a request over. The listener must live until its `done`, which comes in a later call
  /// of the loop, never from inside `start`.
  Id start(HttpRequest request, HttpListener& listener);
  /// Ends a request early: `done` with kCancelled still comes, unless it was on its way already.
  void cancel(Id id);
  /// Requests not yet answered.
  std::size_t active() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether the URL's host is this machine: 127.0.0.0/8, ::1 or localhost.
bool is_loopback(std::string_view url);

}  // namespace pingjia::adapters
