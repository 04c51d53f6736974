#pragma once

#include <vector>

namespace pingjia::adapters {

/// The floor to compare with: epoll_wait and recv, and nothing done with the bytes but to look for
/// the end of a stream in their last five. Connections are made before anything is timed.
class BareClient {
 public:
  BareClient(int port, int streams);
  ~BareClient();
  BareClient(const BareClient&) = delete;
  BareClient& operator=(const BareClient&) = delete;

  /// One request on every connection, until every stream has ended.
  void run();

 private:
  int epoll_ = -1;
  int streams_ = 0;
  int port_ = 0;
  std::vector<int> connections_;
};

}  // namespace pingjia::adapters
