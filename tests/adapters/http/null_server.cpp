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
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace pingjia::adapters {

namespace {

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
    watch(timer_);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 512> events;
    for (;;) {
      const bool unpaced = stream_.interval_ns == 0 && !due_.empty();
      if (!unpaced && !due_.empty()) ring_at(due_.begin()->first);
      const int count = epoll_wait(epoll_, events.data(), events.size(), unpaced ? 0 : -1);
      for (int i = 0; i < count; ++i) take(events[static_cast<std::size_t>(i)].data.fd);
      send_due();
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
      due_.erase({connections_[descriptor].due, descriptor});
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
    // Streams that started together shall not tick together: they are spread over the interval.
    connection.due = now() + stream_.interval_ns * (descriptor % 997) / 997;
    due_.emplace(connection.due, descriptor);
  }

  void ring_at(std::int64_t due) const {
    itimerspec when{};
    when.it_value.tv_sec = due / 1'000'000'000;
    when.it_value.tv_nsec = due % 1'000'000'000;
    timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr);
  }

  void send_due() {
    const std::int64_t at = now();
    // At most one event a stream and call, so that requests are read in between.
    for (std::size_t left = due_.size(); left > 0 && due_.begin()->first <= at; --left) {
      const auto [due, descriptor] = *due_.begin();
      due_.erase(due_.begin());
      Connection& connection = connections_[descriptor];
      put(descriptor, kEvent);
      // Unpaced streams take turns.
      connection.due = stream_.interval_ns > 0 ? due + stream_.interval_ns : at + 1;
      if (--connection.left > 0) {
        due_.emplace(connection.due, descriptor);
      } else {
        put(descriptor, kLast);
      }
    }
  }

  int listener_;
  NullStream stream_;
  int epoll_;
  int timer_ = -1;
  std::unordered_map<int, Connection> connections_;
  std::set<std::pair<std::int64_t, int>> due_;  // Streams by the time of their next event.
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
