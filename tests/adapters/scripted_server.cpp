#include "tests/adapters/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <stdexcept>

namespace pingjia::adapters {

namespace {

bool send_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

SeenRequest parse_head(std::string_view head) {
  SeenRequest request;
  const auto first = head.substr(0, head.find("\r\n"));
  request.method = first.substr(0, first.find(' '));
  const auto path = first.substr(first.find(' ') + 1);
  request.path = path.substr(0, path.find(' '));
  head.remove_prefix(std::min(head.size(), first.size() + 2));
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(head.size(), line.size() + 2));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    request.headers[lower(std::string(line.substr(0, colon)))] = value;
  }
  return request;
}

// Reads one request off the connection; nothing at its end.
std::optional<SeenRequest> read_request(int descriptor, std::string& buffer) {
  std::array<char, 16384> bytes;
  for (;;) {
    if (const auto end = buffer.find("\r\n\r\n"); end != std::string::npos) {
      SeenRequest request = parse_head(std::string_view(buffer).substr(0, end + 2));
      const auto length = request.headers.find("content-length");
      const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
      if (buffer.size() >= end + 4 + size) {
        request.body = buffer.substr(end + 4, size);
        buffer.erase(0, end + 4 + size);
        return request;
      }
    }
    const auto got = recv(descriptor, bytes.data(), bytes.size(), 0);
    if (got <= 0) return std::nullopt;
    buffer.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

void wait_for_client_to_leave(int descriptor) {
  std::array<char, 256> bytes;
  while (recv(descriptor, bytes.data(), bytes.size(), 0) > 0) {
  }
}

void reset_on_close(int descriptor) {
  const linger now{1, 0};
  setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

}  // namespace

std::string http_head(int status, const std::string& content_type, const std::string& more) {
  return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Type: " + content_type +
         "\r\n" + more;
}

std::string http_chunk(std::string_view bytes) {
  std::array<char, 20> size;
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  return size.data() + std::string(bytes) + "\r\n";
}

Script whole_reply(int status, const std::string& content_type, const std::string& body,
                   const std::string& more) {
  return {{http_head(status, content_type,
                     more + "Content-Length: " + std::to_string(body.size()) + "\r\n") +
           "\r\n" + body}};
}

Script stream_reply(std::string_view events, std::size_t piece) {
  Script script{{http_head(200, "text/event-stream", "Transfer-Encoding: chunked\r\n") + "\r\n"}};
  if (piece == 0) piece = std::max<std::size_t>(events.size(), 1);
  for (std::size_t at = 0; at < events.size(); at += piece) {
    script.push_back({http_chunk(events.substr(at, piece))});
  }
  script.push_back({http_chunk("")});
  return script;
}

ScriptedServer::ScriptedServer(Handler posts, Handler gets, int port)
    : posts_(std::move(posts)), gets_(std::move(gets)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool listens = bind(listener_, generic, size) == 0 && listen(listener_, 128) == 0 &&
                       getsockname(listener_, generic, &size) == 0;
  if (!listens) throw std::runtime_error("couldn't bind to port " + std::to_string(port));
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  close(listener_);
  {
    const std::scoped_lock lock(mutex_);
    for (const int descriptor : open_) shutdown(descriptor, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

std::vector<SeenRequest> ScriptedServer::seen() const {
  const std::scoped_lock lock(mutex_);
  return seen_;
}

void ScriptedServer::accept_all() {
  for (;;) {
    const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0 || stopping_) {
      if (descriptor >= 0) close(descriptor);
      return;
    }
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int number = connections_++;
    const std::scoped_lock lock(mutex_);
    open_.push_back(descriptor);
    threads_.emplace_back([this, descriptor, number] { serve(descriptor, number); });
  }
}

void ScriptedServer::serve(int descriptor, int number) {
  std::string buffer;
  while (auto request = read_request(descriptor, buffer)) {
    request->connection = number;
    const bool get = request->method == "GET";
    Script script = get ? (gets_ ? gets_(*request) : whole_reply(200, "application/json", "{}"))
                        : posts_(*request);
    {
      const std::scoped_lock lock(mutex_);
      seen_.push_back(std::move(*request));
    }
    if (!play(descriptor, script)) break;
  }
  const std::scoped_lock lock(mutex_);
  std::erase(open_, descriptor);
  close(descriptor);
}

bool ScriptedServer::play(int descriptor, const Script& script) {
  for (const auto& step : script) {
    if (!send_all(descriptor, step.bytes)) return false;
    if (step.wait.count() > 0) {
      // Not a sleep: a client that leaves ends the wait.
      pollfd gone{descriptor, POLLRDHUP, 0};
      poll(&gone, 1, static_cast<int>(step.wait.count()));
    }
    if (step.then == Step::Then::kClose) return false;
    if (step.then == Step::Then::kReset) {
      reset_on_close(descriptor);
      return false;
    }
    if (step.then == Step::Then::kHold) {
      wait_for_client_to_leave(descriptor);
      return false;
    }
  }
  return true;
}

}  // namespace pingjia::adapters
