#include "tests/adapters/http/null_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <unordered_map>

namespace pingjia::adapters {

namespace {

constexpr std::int64_t kTick = 1'000'000;

std::string chunk(const std::string& data) {
  std::array<char, 20> size;
  std::snprintf(size.data(), size.size(), "%zx\r\n", data.size());
  return size.data() + data + "\r\n";
}

// About the size of OpenAI's events: 285 bytes is the mean of recorded ones.
const std::string kEvent = chunk(
    R"(data: {"id":"chatcmpl-DnullDnullDnullDnullDnullDnu","object":"chat.completion.chunk","created":1770768240,"model":"null-1","service_tier":"default","system_fingerprint":"fp_0000000000","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}],"usage":null})"
    "\n\n");
const std::string kLast =
    chunk(
        R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":1000,"total_tokens":1009}})"
        "\n\n") +
    chunk("data: [DONE]\n\n") + chunk("");
const std::string kHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string kNothing = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

std::int64_t now() {
  timespec stamp{};
  clock_gettime(CLOCK_MONOTONIC, &stamp);
  return std::int64_t{stamp.tv_sec} * 1'000'000'000 + stamp.tv_nsec;
}

struct Connection {
  std::string request;
  int left = 0;
  std::int64_t due = 0;
};

class NullServer {
 public:
  NullServer(int listener, const NullStream& stream)
      : listener_(listener), stream_(stream), epoll_(epoll_create1(0)) {
    watch(listener_);
    timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    const itimerspec ticks{{0, kTick}, {0, kTick}};
    if (stream_.interval_ns > 0) timerfd_settime(timer_, 0, &ticks, nullptr);
    watch(timer_);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 512> events;
    for (;;) {
      const bool unpaced = stream_.interval_ns == 0 && active_ > 0;
      const int count = epoll_wait(epoll_, events.data(), events.size(), unpaced ? 0 : -1);
      for (int i = 0; i < count; ++i) take(events[static_cast<std::size_t>(i)].data.fd);
      if (active_ > 0) send_due();
    }
  }

 private:
  void watch(int descriptor) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  static void put(int descriptor, const std::string& bytes) {
    // Blocking, so that a slow client slows its server instead of losing bytes.
    [[maybe_unused]] const auto sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  void take(int descriptor) {
    if (descriptor == timer_) {
      std::uint64_t ticks = 0;
      [[maybe_unused]] const auto got = read(timer_, &ticks, sizeof ticks);
    } else if (descriptor == listener_) {
      const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      const int on = 1;
      setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      connections_[accepted];
      watch(accepted);
    } else {
      read_from(descriptor);
    }
  }

  void read_from(int descriptor) {
    std::array<char, 16384> bytes;
    const auto got = recv(descriptor, bytes.data(), bytes.size(), 0);
    if (got <= 0) {
      if (connections_[descriptor].left > 0) --active_;
      connections_.erase(descriptor);
      close(descriptor);
      return;
    }
    Connection& connection = connections_[descriptor];
    connection.request.append(bytes.data(), static_cast<std::size_t>(got));
    const auto end = connection.request.find("\r\n\r\n");
    if (end == std::string::npos) return;
    const auto length = connection.request.find("Content-Length: ");
    const std::size_t body =
        length == std::string::npos ? 0 : std::stoul(connection.request.substr(length + 16));
    if (connection.request.size() < end + 4 + body) return;
    const bool get = connection.request.starts_with("GET");
    connection.request.clear();
    if (get) return put(descriptor, kNothing);
    put(descriptor, kHead);
    connection.left = stream_.events;
    ++active_;
    // Streams that started together shall not tick together.
    connection.due = now() + stream_.interval_ns * (descriptor % 97) / 97;
  }

  void send_due() {
    const std::int64_t at = now();
    for (auto& [descriptor, connection] : connections_) {
      if (connection.left == 0 || connection.due > at) continue;
      put(descriptor, kEvent);
      connection.due += stream_.interval_ns;
      if (--connection.left > 0) continue;
      put(descriptor, kLast);
      --active_;
    }
  }

  int listener_;
  NullStream stream_;
  int epoll_;
  int timer_ = -1;
  int active_ = 0;
  std::unordered_map<int, Connection> connections_;
};

}  // namespace

int null_listener(int& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, generic, size) != 0 || listen(listener, 4096) != 0 ||
      getsockname(listener, generic, &size) != 0) {
    std::perror("null server");
    std::exit(1);
  }
  port = ntohs(address.sin_port);
  return listener;
}

void run_null_server(int listener, const NullStream& stream) {
  NullServer(listener, stream).run();
}

}  // namespace pingjia::adapters
