#include "adapters/free_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "harness/base/error.h"

namespace pingjia::adapters {

int free_port(int wanted, const std::string& where) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  // A port whose last connections still linger can be listened on all the same.
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(wanted));
  socklen_t size = sizeof address;
  // The socket calls of POSIX take every address family through one type.
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = bind(probe, generic, size) == 0 && listen(probe, 1) == 0;
  const int error = errno;
  if (bound) getsockname(probe, generic, &size);
  close(probe);
  if (!bound) {
    const std::string port = std::to_string(wanted);
    throw harness::Error(where,
                         error == EADDRINUSE
                             ? "port " + port + " is taken"
                             : "cannot listen on port " + port + ": " + std::strerror(error),
                         "choose another \"port\", or leave it out for a free one");
  }
  return ntohs(address.sin_port);
}

}  // namespace pingjia::adapters
