#include "adapters/http/transfer.h"

#include <curl/curl.h>

#include <algorithm>
#include <cassert>
#include <cctype>

namespace pingjia::adapters {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// Read buffer of one transfer. Larger than curl's 16 KiB, so that a stream that fell behind is
// caught up in few system calls; smaller than would matter at 10,000 streams.
constexpr long kBufferBytes = 16 << 10;
// A piece of a body is handed on when it has grown to this: parsing it costs some 50 µs.
constexpr std::size_t kPieceBytes = 32 << 10;

std::size_t on_header(char* text, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.reply.first_byte) transfer.reply.first_byte = *transfer.stamp;
  transfer.last_byte = *transfer.stamp;
  take_header({text, size}, transfer.reply);
  return size;
}

std::size_t on_body(char* text, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.received += size;
  if (transfer.received > transfer.cap) return 0;
  transfer.last_byte = *transfer.stamp;
  transfer.bytes.append(text, size);
  // curl calls once per HTTP chunk; all chunks of one read bear its one stamp.
  if (transfer.reads.empty() || transfer.reads.back().at != *transfer.stamp) {
    transfer.reads.push_back({*transfer.stamp, 0});
  }
  transfer.reads.back().end = transfer.bytes.size();
  if (transfer.bytes.size() >= kPieceBytes && !transfer.flushing) transfer.full(transfer);
  return size;
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  [[maybe_unused]] const CURLcode code = curl_easy_setopt(easy, option, value);
  assert(code == CURLE_OK);
}

}  // namespace

void configure(Transfer& transfer, const HttpSettings& settings) {
  const HttpRequest& request = transfer.request;
  CURL* easy = transfer.easy;
  for (const auto& header : request.headers) {
    transfer.headers = curl_slist_append(transfer.headers, header.c_str());
  }
  // Without these curl asks for leave before long bodies, and a proxy may pack a stream.
  transfer.headers = curl_slist_append(transfer.headers, "Expect:");
  transfer.headers = curl_slist_append(transfer.headers, "Accept-Encoding: identity");
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_HTTPHEADER, transfer.headers);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_TCP_NODELAY, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_BUFFERSIZE, kBufferBytes);
  set(easy, CURLOPT_USERAGENT, settings.user_agent.c_str());
  set(easy, CURLOPT_PROXY, is_loopback(request.url) ? "" : settings.proxy.c_str());
  set(easy, CURLOPT_NOPROXY, settings.no_proxy.c_str());
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, &transfer);
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  set(easy, CURLOPT_PRIVATE, &transfer);
  if (request.method == "GET") {
    set(easy, CURLOPT_HTTPGET, 1L);
  } else {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
}

HttpEnd end_of(int code, bool answered) {
  switch (code) {
    case CURLE_OK:
      return HttpEnd::kComplete;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
      return answered ? HttpEnd::kCut : HttpEnd::kReset;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpEnd::kConnectTimeout;
    case CURLE_WRITE_ERROR:
      return HttpEnd::kTooLarge;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_PROXY:
      return HttpEnd::kConnectFailed;
    default:
      return HttpEnd::kMalformed;
  }
}

void take_header(std::string_view line, HttpReply& reply) {
  if (line.starts_with("HTTP/")) {
    reply.retry_after.clear();
    reply.retry_after_ms.clear();
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = trimmed(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1));
  if (same_name(name, "retry-after")) reply.retry_after = value;
  if (same_name(name, "retry-after-ms")) reply.retry_after_ms = value;
  if (same_name(name, "date")) reply.date = value;
  if (same_name(name, "location")) reply.location = value;
  if (same_name(name, "x-request-id")) reply.request_id = value;
}

bool is_loopback(std::string_view url) {
  const auto scheme = url.find("://");
  auto host = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  // What stands before an @ is not the host: "http://localhost@example.com" is elsewhere.
  if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1) == "[::1]";
  host = host.substr(0, host.find(':'));
  if (host == "localhost") return true;
  const bool numeric = !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return c == '.' || (c >= '0' && c <= '9');
  });
  return numeric && host.starts_with("127.");
}

}  // namespace pingjia::adapters
