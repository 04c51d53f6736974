#include "tests/adapters/http/bare_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace pingjia::adapters {

BareClient::BareClient(int port, int streams)
    : epoll_(epoll_create1(0)), streams_(streams), port_(port) {
  for (int i = 0; i < streams_; ++i) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      std::perror("bare client");
      std::exit(1);
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
    connections_.push_back(descriptor);
  }
}

BareClient::~BareClient() {
  for (const int descriptor : connections_) close(descriptor);
  close(epoll_);
}

void BareClient::run() {
  const std::string request =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}";
  for (const int descriptor : connections_) {
    [[maybe_unused]] const auto sent = send(descriptor, request.data(), request.size(), 0);
  }
  std::array<epoll_event, 256> events;
  static std::array<char, 65536> bytes;
  for (int open = streams_; open > 0;) {
    const int count = epoll_wait(epoll_, events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      const auto got = recv(descriptor, bytes.data(), bytes.size(), 0);
      if (got < 5) continue;
      const std::string_view end(bytes.data() + got - 5, 5);
      if (end == "0\r\n\r\n") --open;
    }
  }
}

}  // namespace pingjia::adapters
