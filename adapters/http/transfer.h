#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/client.h"

struct curl_slist;

namespace pingjia::adapters {

/// What of one request is under way at libcurl.
struct Transfer {
  // What every read touches comes first, on two cache lines: a thousand streams are a thousand cold
  // ones.
  std::string bytes;  ///< Of the body, not yet handed on.
  std::vector<Read> reads;
  const harness::Nanos* stamp = nullptr;  ///< The client's clock of the read being processed.
  harness::Nanos last_byte = 0;
  std::size_t received = 0;
  std::size_t cap = 0;    ///< Most bytes of a body.
  bool flushing = false;  ///< `full` was called and its piece not yet handed on.
  bool ended = false;     ///< `reply.end` holds; only delivery is left.

  HttpClient::Id id = 0;
  void* easy = nullptr;  ///< libcurl's handle; none once the request has ended.
  curl_slist* headers = nullptr;
  HttpRequest request;
  HttpListener* listener = nullptr;
  HttpReply reply;
  std::optional<harness::TimerId> limit;
  std::function<void(Transfer&)> full;
};

/// Sets up `transfer.easy` for its request; head and body then go into the transfer.
void configure(Transfer& transfer, const HttpSettings& settings);

/// Maps a CURLcode to how the request ended; `answered` says whether any byte of a reply came.
HttpEnd end_of(int code, bool answered);

/// Takes what the client keeps from one header line; a status line starts afresh, so that a reply
/// after an interim one (100, 103) counts.
void take_header(std::string_view line, HttpReply& reply);

}  // namespace pingjia::adapters
