#include "adapters/http/easy.h"

#include <curl/curl.h>

#include <algorithm>
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

}  // namespace

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
    reply.content_type.clear();
    reply.retry_after.clear();
    reply.retry_after_ms.clear();
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = trimmed(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1));
  if (same_name(name, "content-type")) reply.content_type = value;
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
