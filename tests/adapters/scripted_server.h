#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pingjia::adapters {

/// One request as the server saw it.
struct SeenRequest {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;
  int connection = 0;  ///< Which connection, from 0.
};

/// What the server does next: writes bytes, then waits, then perhaps ends the connection.
struct Step {
  enum class Then { kGoOn, kClose, kReset, kHold };
  std::string bytes;
  std::chrono::milliseconds wait{0};
  Then then = Then::kGoOn;  ///< kHold: keeps the connection open, silent, until the client leaves.
};

using Script = std::vector<Step>;

/// A head with the given fields and a chunked or plain body.
std::string http_head(int status, const std::string& content_type, const std::string& more = "");
/// One HTTP chunk; the empty one ends a body.
std::string http_chunk(std::string_view bytes);
/// A whole reply with Content-Length.
Script whole_reply(int status, const std::string& content_type, const std::string& body,
                   const std::string& more = "");
/// A stream of events as one chunked reply, in pieces of `piece` bytes (0: all at once), each a
/// chunk and a write of its own.
Script stream_reply(std::string_view events, std::size_t piece = 0);

/// An HTTP/1.1 server on 127.0.0.1, on a free port unless one is given, that does to the byte what
/// a test scripts, one thread a connection. GET is answered with 200 {} unless `gets` is set.
class ScriptedServer {
 public:
  using Handler = std::function<Script(const SeenRequest&)>;

  explicit ScriptedServer(Handler posts, Handler gets = nullptr, int port = 0);
  ~ScriptedServer();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<SeenRequest> seen() const;
  int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int descriptor, int number);
  bool play(int descriptor, const Script& script);

  Handler posts_;
  Handler gets_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::vector<SeenRequest> seen_;
  std::vector<int> open_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace pingjia::adapters
