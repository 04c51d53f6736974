#pragma once

#include <cstdint>

namespace pingjia::adapters {

/// What the null server streams in answer to every POST: as many events, one HTTP chunk and one
/// send(2) each. GET is answered with {}.
struct NullStream {
  int events = 1000;
  std::int64_t interval_ns = 0;  ///< Between two events of one stream; 0: as fast as it can.
};

/// A TCP listener on a free port of 127.0.0.1; its port in `port`.
int null_listener(int& port);

/// Serves until the process is killed: one thread, epoll, no parsing beyond the end of a request.
[[noreturn]] void run_null_server(int listener, const NullStream& stream);

}  // namespace pingjia::adapters
